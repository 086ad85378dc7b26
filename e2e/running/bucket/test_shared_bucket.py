"""Who fills in the site's bucket need not fill in the engine's."""

from __future__ import annotations

from start import share_bucket

SITE = {
    "AWS_PRIVATE_BUCKET_NAME": "cats",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "key",
    "AWS_S3_REGION_NAME": "us-west-004",
    "AWS_S3_CUSTOM_DOMAIN": "https://cdn.example.org/",
}


def test_engine_is_given_the_sites_bucket_under_its_own_names() -> None:
    environment = {"AWS_ACCESS_KEY_ID": "id of the environment"}

    share_bucket(environment, site_file=SITE, engine_file={"LOG_LEVEL": "DEBUG"})

    assert environment == {
        "AWS_ACCESS_KEY_ID": "id of the environment",
        "BUCKET_NAME": "cats",
        "B2_APPLICATION_KEY_ID": "id of the environment",
        "B2_APPLICATION_KEY": "key",
        "B2_ENDPOINT_URL": "https://s3.us-west-004.backblazeb2.com",
        "BUCKET_CUSTOM_DOMAIN": "cdn.example.org",
    }


def test_engine_with_a_bucket_of_its_own_keeps_it() -> None:
    by_environment: dict[str, str] = {"BUCKET_NAME": "mine"}
    by_file: dict[str, str] = {}

    share_bucket(by_environment, site_file=SITE, engine_file={})
    share_bucket(by_file, site_file=SITE, engine_file={"BUCKET_NAME": "mine"})

    assert by_environment == {"BUCKET_NAME": "mine"}
    assert by_file == {}


def test_site_without_a_bucket_leaves_the_engine_its_folder() -> None:
    environment: dict[str, str] = {}

    share_bucket(environment, site_file={}, engine_file={})

    assert environment == {}
