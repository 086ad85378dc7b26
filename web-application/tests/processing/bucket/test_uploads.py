"""Files that go straight to the bucket, on a real S3 server."""

from __future__ import annotations

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from engine_double import EngineDouble
from processing.bucket.upload_steps import CONTENT, PART_BYTES, Bucket, begin, complete, part, put_part
from pytest_django import Settings
from servers.faults import Faults, LostAnswer, first
from statuses import ASSEMBLY_ID

from cattube.processing.webhook import read_webhook
from cattube.videos.models import Video


class TestSending:
    def test_record_is_there_before_the_first_byte(self, as_alice: Client, bucket: Bucket) -> None:
        answer = begin(as_alice)

        assert answer.status_code == 201
        assert answer.json()["assembly"] is None
        assert answer.json()["bucket"] == {"size_bytes": len(CONTENT), "part_bytes": PART_BYTES}
        assert answer.json()["video"]["status"] == "uploading"
        assert len(bucket.unfinished) == 1
        assert bucket.keys == []

    def test_parts_become_the_original_and_the_engine_is_told(
        self, as_alice: Client, bucket: Bucket, sent: str, engine: EngineDouble
    ) -> None:
        answer = complete(as_alice, sent)

        assert answer.status_code == 200
        assert answer.json()["status"] == "processing"
        assert answer.json()["assembly_id"] == ASSEMBLY_ID
        assert bucket.unfinished == []
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]
        ((token, announcement),) = engine.announced
        assert token == "Bearer shared token"
        assert announcement["inputObject"] == bucket.keys[0]
        assert read_webhook(announcement["webhook"]) == (sent, 1)
        asset = Video.objects.get(pk=sent).assets.get()
        assert (asset.role, asset.object_key) == ("original", bucket.keys[0])
        assert (asset.content_type, asset.size_bytes) == ("video/mp4", len(CONTENT))

    def test_completing_twice_is_completing_once(
        self, as_alice: Client, accepted: Video, engine: EngineDouble
    ) -> None:
        assert complete(as_alice, accepted.pk).status_code == 200

        assert len(engine.announced) == 1
        assert accepted.assets.count() == 1

    def test_s3_client_that_completes_gets_the_answer_it_knows(self, as_alice: Client, sent: str) -> None:
        answer = complete(as_alice, sent, Accept="application/xml")

        assert answer["Content-Type"] == "application/xml"
        assert b"<CompleteMultipartUploadResult><Location>http://testserver/videos/" in answer.content

    def test_s07_answer_to_the_completion_may_get_lost(
        self, as_alice: Client, bucket: Bucket, sent: str, s3_faults: Faults, settings: Settings
    ) -> None:
        settings.AWS_S3_ENDPOINT_URL = s3_faults.server.endpoint_url
        s3_faults.rule = first(1, LostAnswer(), method="POST", query="uploadId")

        answers = [complete(as_alice, sent).status_code for _ in range(2)]

        assert answers[-1] == 200
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]

    def test_progress_is_shown_to_others_while_parts_are_sent(self, as_alice: Client, begun: str) -> None:
        put_part(as_alice, begun, 1)
        part(as_alice, begun, 2)
        part(as_alice, begun, 1)

        assert as_alice.get(f"/api/videos/{begun}").json()["progress"] == 99

    def test_object_with_missing_parts_is_not_completed(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 2)

        refused = complete(as_alice, begun)
        put_part(as_alice, begun, 1)
        done = complete(as_alice, begun)

        assert (refused.status_code, refused.json()["error"]) == (409, "PARTS_MISSING")
        assert done.status_code == 200
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]

    def test_broken_upload_goes_on_with_the_parts_that_are_there(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)

        again = as_alice.get(f"/api/uploads/{begun}").json()
        listed = as_alice.get(f"/api/uploads/{begun}/parts").json()
        as_s3 = as_alice.get(f"/api/uploads/{begun}/parts", headers={"Accept": "application/xml"})

        assert again["bucket"]["part_bytes"] == PART_BYTES
        assert listed == {"parts": [{"number": 1, "size_bytes": PART_BYTES}]}
        assert as_s3.content.count(b"<PartNumber>") == 1
        assert b"<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>&quot;" in as_s3.content

    @pytest.mark.parametrize("length", [PART_BYTES - 1, PART_BYTES + 1, 0])
    def test_part_of_another_length_is_refused_by_the_bucket(
        self, as_alice: Client, begun: str, length: int
    ) -> None:
        link = part(as_alice, begun, 1).json()

        assert link["size_bytes"] == PART_BYTES
        assert httpx.put(link["url"], content=bytes(length)).status_code == 403

    def test_link_is_good_for_its_own_part_and_for_an_hour(self, as_alice: Client, begun: str) -> None:
        url = httpx.URL(part(as_alice, begun, 2).json()["url"])

        other = url.copy_set_param("partNumber", "1")

        assert url.params["X-Amz-Expires"] == "3600"
        assert httpx.put(other, content=b"the end of the file").status_code == 403
        assert httpx.get(url).status_code == 403

    @pytest.mark.parametrize("number", [0, 3, 10_000])
    def test_part_that_the_file_has_not_is_refused(self, as_alice: Client, begun: str, number: int) -> None:
        assert part(as_alice, begun, number).status_code == 400

    @pytest.mark.parametrize("size", [0, None])
    def test_t20_file_without_a_size_is_refused(
        self, as_alice: Client, bucket: Bucket, size: int | None
    ) -> None:
        assert begin(as_alice, size_bytes=size).status_code == 400
        assert not Video.objects.exists()

    def test_t07_file_over_the_limit_is_refused(self, as_alice: Client, bucket: Bucket) -> None:
        answer = begin(as_alice, size_bytes=10**16)

        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
        assert begin(as_alice, size_bytes=2**40).status_code == 413
        assert bucket.unfinished == []

    def test_s07_bucket_that_does_not_answer_leaves_no_record(
        self, as_alice: Client, bucket: Bucket, settings: Settings
    ) -> None:
        settings.AWS_SECRET_ACCESS_KEY = "wrong"

        answer = begin(as_alice)

        assert (answer.status_code, answer.json()["error"]) == (503, "BUSY")
        assert not Video.objects.exists()


class TestPermission:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/api/uploads/{}"),
            ("GET", "/api/uploads/{}/parts"),
            ("POST", "/api/uploads/{}/parts/1"),
            ("POST", "/api/uploads/{}/complete"),
        ],
    )
    def test_t13_owner_alone_gets_links_and_completes(
        self, as_bob: Client, as_carol: Client, begun: str, method: str, path: str
    ) -> None:
        for client, code in ((as_bob, 404), (as_carol, 404), (Client(), 401)):
            assert client.generic(method, path.format(begun)).status_code == code

    def test_d04_change_needs_the_csrf_token(self, alice: User, begun: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(alice)

        assert part(client, begun, 1).status_code == 403
        assert complete(client, begun).status_code == 403

    def test_t16_nothing_is_signed_once_the_file_is_there(self, as_alice: Client, accepted: Video) -> None:
        for answer in (
            part(as_alice, accepted.pk, 1),
            as_alice.get(f"/api/uploads/{accepted.pk}/parts"),
            as_alice.get(f"/api/uploads/{accepted.pk}"),
        ):
            assert (answer.status_code, answer.json()["error"]) == (409, "NOT_UPLOADING")
