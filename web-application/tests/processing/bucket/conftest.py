"""A site whose uploads go to a real S3 server, with an engine that accepts them."""

from __future__ import annotations

import pytest
from django.test import Client
from engine_double import EngineDouble
from processing.bucket.upload_steps import Bucket, begin, complete, put_part
from pytest_django import Settings
from servers.s3_server import S3Server
from statuses import ASSEMBLY_ID

from cattube.videos.models import Video


@pytest.fixture
def engine(engine_double: EngineDouble) -> EngineDouble:
    engine_double.announcement_answer = (202, {"assembly_id": ASSEMBLY_ID})
    return engine_double


@pytest.fixture
def bucket(settings: Settings, s3_server: S3Server, s3_bucket: str, engine: EngineDouble) -> Bucket:
    """The site is set up for it, with an engine that takes videos on."""
    settings.UPLOAD_TO = "bucket"
    settings.AWS_S3_ENDPOINT_URL = s3_server.endpoint_url
    settings.AWS_S3_REGION_NAME = s3_server.region
    settings.AWS_ACCESS_KEY_ID = s3_server.key_id
    settings.AWS_SECRET_ACCESS_KEY = s3_server.secret
    settings.AWS_PRIVATE_BUCKET_NAME = s3_bucket
    settings.TRANSCODER_WEBHOOK = f"{engine.address}/videos"
    settings.VIDEOS_TOKEN = "shared token"
    return Bucket(s3_server, s3_bucket)


@pytest.fixture
def begun(as_alice: Client, bucket: Bucket) -> str:
    """The id of a video whose upload is open."""
    return str(begin(as_alice).json()["video"]["id"])


@pytest.fixture
def sent(as_alice: Client, begun: str) -> str:
    """The id of a video whose bytes are all in the bucket."""
    for number in (1, 2):
        assert put_part(as_alice, begun, number).status_code == 200
    return begun


@pytest.fixture
def accepted(as_alice: Client, sent: str) -> Video:
    """A video that the engine works on."""
    assert complete(as_alice, sent).status_code == 200
    return Video.objects.get(pk=sent)
