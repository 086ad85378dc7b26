"""Changes of the record of captions in the making, which others may change at the same time."""

from django.utils import timezone

from cattube.captions.models import MAX_ERROR_CHARACTERS, Captioning

State = Captioning.State


def change(captioning: Captioning, **values: object) -> bool:
    """Only if it is still that wish: it may have been withdrawn with its video, or asked for anew."""
    rows = Captioning.objects.filter(pk=captioning.pk, asked_at=captioning.asked_at, state=captioning.state)
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(captioning, name, value)
    return True


def fail(captioning: Captioning, error: str) -> None:
    """End it. error: sentence for the owner."""
    change(captioning, state=State.FAILED, error=error[:MAX_ERROR_CHARACTERS])


def wait(captioning: Captioning) -> None:
    """Begin it again later, as the same Assembly."""
    change(captioning, state=State.WAITING, checked_at=timezone.now())


def start_over(captioning: Captioning) -> None:
    """Begin it again later, as another Assembly."""
    change(captioning, state=State.WAITING, assembly_id="", percent=0, tries=0)
