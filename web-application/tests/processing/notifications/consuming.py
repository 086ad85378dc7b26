"""A consumer of notifications that a test drives by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from queues.memory_queue import MemoryQueue, notification_message
from statuses import completed_status

from cattube.processing.notifications.consumer import Consumer
from cattube.processing.notifications.messages import receive_message, receive_messages
from cattube.queues.queue import Message
from cattube.videos.models import Video


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Consuming:
    """A consumer that a test drives by hand, with its queue and its clock."""

    queue: MemoryQueue = field(default_factory=MemoryQueue)
    clock: Clock = field(default_factory=Clock)
    apply: Callable[[Message], None] = receive_message
    apply_together: Callable[[Sequence[Message]], Sequence[bool]] = receive_messages

    def __post_init__(self) -> None:
        self.consumer = Consumer(self.queue, self.apply, self.apply_together, clock=self.clock)

    def take(self, *messages: Message) -> None:
        """Have all of them taken once."""
        for message in messages:
            self.queue.send(message)
            self.consumer.step()

    def take_together(self, *messages: Message) -> None:
        """Have all of them come before the first is taken."""
        for message in messages:
            self.queue.send(message)
        self.consumer.step()

    def go_on(self, seconds: float, *, step_seconds: float = 1.0) -> None:
        for _ in range(int(seconds / step_seconds)):
            self.clock.seconds += step_seconds
            self.consumer.step()


def state_of(video: Video) -> tuple[str, int, int]:
    video.refresh_from_db()
    return video.status, video.progress, video.assets.count()


def messages_of_their_ends(videos: Sequence[Video]) -> list[Message]:
    """A message for each of the videos that its Assembly is completed."""
    assemblies = (f"{number:032x}" for number in range(len(videos)))
    return [
        notification_message(completed_status(video, assembly_id=assembly))
        for video, assembly in zip(videos, assemblies, strict=True)
    ]
