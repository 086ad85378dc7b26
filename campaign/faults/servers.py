"""Servers that go away amid the work: broker, ingest host, web app, and what lies in the bucket."""

from __future__ import annotations

from campaign.scene import Scene

_MOST_DELAY_SECONDS, _MOST_AWAY_SECONDS = 4.0, 3.0


def broker_killed(scene: Scene) -> None:
    """It comes back with what it had safe."""
    _begin(scene)
    scene.site.servers.broker.kill()
    scene.wait_at_random(_MOST_AWAY_SECONDS)
    scene.site.servers.broker.start()


def broker_restarted(scene: Scene) -> None:
    """It ends in peace, and comes back."""
    _begin(scene)
    scene.site.servers.broker.stop()
    scene.site.servers.broker.start()


def broker_wiped(scene: Scene) -> None:
    """It comes back with nothing."""
    _begin(scene)
    scene.site.servers.broker.kill()
    scene.site.servers.broker.wipe()
    scene.site.servers.broker.start()


def ingest_restarted(scene: Scene) -> None:
    """A worker encodes the upload meanwhile, and the client has not sent all of it."""
    video = scene.send(scene.clips.long, slowly=True)
    scene.when(video, lambda: scene.site.rows.is_followed(video.id))
    scene.wait_at_random(2.0)
    scene.choose([scene.site.ingest.kill, scene.site.ingest.stop])()
    scene.wait_at_random(_MOST_AWAY_SECONDS)
    scene.site.start_ingest()


def web_app_killed(scene: Scene) -> None:
    """The web app, its consumer or both are gone while the engine has something to tell them."""
    _begin(scene)
    hosts = scene.site.web_hosts
    for host in scene.choose([hosts, *([host] for host in hosts)]):
        host.kill()
    scene.wait_at_random(_MOST_AWAY_SECONDS)
    scene.site.start_web_hosts()


def scratch_deleted(scene: Scene) -> None:
    """One of the objects that jobs left for others is gone, or all of them."""
    video = scene.send()
    scene.when(video, lambda: scene.site.bucket.keys("scratch/"))
    scene.wait_at_random(1.5)
    keys = scene.when(video, lambda: scene.site.bucket.keys("scratch/"))
    for key in scene.choose([keys, [scene.choose(keys)]]):
        scene.site.bucket.delete(key)


def _begin(scene: Scene) -> None:
    scene.send()
    scene.wait_at_random(_MOST_DELAY_SECONDS)
