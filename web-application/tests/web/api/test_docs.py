"""The description of the API, and the page that shows it."""

from django.test import Client


def test_description_of_the_api_names_every_route(client: Client, db: None) -> None:
    document = client.get("/api/openapi.json").json()

    routes = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert routes == {
        ("GET", "/api/tokens"),
        ("POST", "/api/tokens"),
        ("DELETE", "/api/tokens/{id}"),
        ("POST", "/api/uploads"),
        ("GET", "/api/uploads/{id}"),
        ("GET", "/api/uploads/{id}/parts"),
        ("POST", "/api/uploads/{id}/parts/{number}"),
        ("POST", "/api/uploads/{id}/complete"),
        ("GET", "/api/videos"),
        ("GET", "/api/videos/{id}"),
        ("GET", "/api/videos/{id}/events"),
        ("GET", "/api/videos/{id}/storyboard.vtt"),
        ("GET", "/api/videos/{id}/live/{name}"),
        ("PATCH", "/api/videos/{id}"),
        ("DELETE", "/api/videos/{id}"),
        ("POST", "/api/videos/{id}/retry"),
        ("POST", "/api/videos/{id}/restore"),
    }
    assert "VideoOut" in document["components"]["schemas"]


def test_browsable_docs_load_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()

    assert "swagger-ui-bundle" in page
    assert "http://" not in page
    assert "https://" not in page
