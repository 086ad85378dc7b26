"""The description of the API, and the page that shows it."""

from django.test import Client


def test_description_of_the_api_has_the_shapes_of_answers(client: Client, db: None) -> None:
    """Its routes are those of the table in test_tokens.py."""
    document = client.get("/api/openapi.json").json()

    assert {"VideoOut", "ErrorOut"} <= set(document["components"]["schemas"])


def test_browsable_docs_load_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()

    assert "swagger-ui-bundle" in page
    assert "http://" not in page
    assert "https://" not in page
