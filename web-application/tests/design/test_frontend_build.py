from pathlib import Path

import pytest

from cattube.design.frontend_build import BUILDING, NO_NODE, build_if_missing

NPM_THAT_BUILDS = """#!/bin/sh
echo "$*" >> calls
[ "$1" = ci ] && mkdir node_modules
[ "$1" = run ] && mkdir dist && echo '{}' > dist/manifest.json
exit 0
"""


@pytest.fixture
def sentences() -> list[str]:
    return []


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is on PATH but the shell's own tools, with an npm in it that builds."""
    script = tmp_path / "bin" / "npm"
    script.parent.mkdir()
    script.write_text(NPM_THAT_BUILDS)
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/bin:/usr/bin")
    return script


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    folder.mkdir()
    return folder


def test_missing_front_end_is_installed_and_built_once(
    npm: Path, frontend: Path, sentences: list[str]
) -> None:
    build_if_missing(frontend, sentences.append)
    build_if_missing(frontend, sentences.append)

    assert (frontend / "calls").read_text().splitlines() == ["ci --silent", "run --silent build"]
    assert sentences == [BUILDING]


def test_machine_without_node_gets_one_sentence(
    frontend: Path, sentences: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    build_if_missing(frontend, sentences.append)

    assert sentences == [NO_NODE]


def test_build_that_fails_does_not_stop_the_site(npm: Path, frontend: Path, sentences: list[str]) -> None:
    npm.write_text("#!/bin/sh\nexit 3\n")

    build_if_missing(frontend, sentences.append)

    assert sentences[0] == BUILDING
    assert "could not be built" in sentences[1]
