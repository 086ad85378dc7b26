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
        ("POST", "/api/videos/{id}/views"),
        ("PUT", "/api/videos/{id}/position"),
        ("GET", "/api/history"),
        ("PATCH", "/api/history"),
        ("DELETE", "/api/history"),
        ("DELETE", "/api/history/{id}"),
        ("PUT", "/api/videos/{id}/like"),
        ("DELETE", "/api/videos/{id}/like"),
        ("GET", "/api/videos/{id}/comments"),
        ("POST", "/api/videos/{id}/comments"),
        ("PATCH", "/api/comments/{id}"),
        ("DELETE", "/api/comments/{id}"),
        ("POST", "/api/comments/{id}/reports"),
        ("GET", "/api/channels/{name}"),
        ("PATCH", "/api/channels/{name}"),
        ("PUT", "/api/channels/{name}/picture"),
        ("DELETE", "/api/channels/{name}/picture"),
        ("PUT", "/api/channels/{name}/follow"),
        ("DELETE", "/api/channels/{name}/follow"),
        ("GET", "/api/playlists"),
        ("POST", "/api/playlists"),
        ("GET", "/api/playlists/{id}"),
        ("PATCH", "/api/playlists/{id}"),
        ("DELETE", "/api/playlists/{id}"),
        ("PUT", "/api/playlists/{id}/videos/{video_id}"),
        ("DELETE", "/api/playlists/{id}/videos/{video_id}"),
    }
    assert "VideoOut" in document["components"]["schemas"]


def test_browsable_docs_load_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()

    assert "swagger-ui-bundle" in page
    assert "http://" not in page
    assert "https://" not in page
