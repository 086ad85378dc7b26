"""The process that recognises speech: what it may do, and how it ends."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest

from cattube_worker.media.encode.source import FIRST_STREAMS
from cattube_worker.media.errors import CommandFailed, CommandTimeout, InvalidInput
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.speech.model import SpeechModel, SpeechModelMissing
from cattube_worker.media.speech.recognition import recognize
from cattube_worker.media.speech.transcript import Transcript, Word
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import InputFile

from .conftest import MakeModel, MakeWorkspace

SAYS_MIAU = 'yield piece((" Miau", 0.5, 1.0))'


def heard(sound: InputFile, workspace: Workspace, *, language: str | None = None) -> Transcript:
    return recognize(
        sound.path,
        source=FIRST_STREAMS,
        name=sound.name,
        duration_seconds=sound.duration_seconds,
        language=language,
        workspace=workspace,
    )


def test_words_come_with_their_times_and_leave_no_file(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    shares: list[float] = []
    job = workspace(model(SAYS_MIAU, 'yield piece((" again", 1.0, 1.5))'), report=shares.append)

    transcript = heard(sound, job)

    assert transcript == Transcript(words=(Word(" Miau", 0.5, 1.0), Word(" again", 1.0, 1.5)), language="en")
    assert shares == sorted(shares)
    assert len(shares) >= 3
    assert shares[-1] == pytest.approx(1.0)
    assert list(job.folder.iterdir()) == []


@pytest.mark.parametrize(("asked", "told"), [(None, None), ("de", "de"), ("jv", "jw")])
def test_language_that_is_known_is_told_to_the_model(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile, asked: str | None, told: str | None
) -> None:
    job = workspace(model('yield piece((f" {language}", 0, 1))'))

    transcript = heard(sound, job, language=asked)

    assert (transcript.text, transcript.language) == (str(told), asked or "en")


def test_model_of_english_alone_says_so(model: MakeModel, workspace: MakeWorkspace, sound: InputFile) -> None:
    job = workspace(model(SAYS_MIAU, is_multilingual=False))

    with pytest.raises(InvalidInput, match='"tiny" of this engine knows English alone'):
        heard(sound, job, language="de")
    assert heard(sound, job, language="en").text == "Miau"


def test_m95_where_nobody_speaks_no_word_is_made_up(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M95: models say what was often said in the videos that they learnt from."""
    job = workspace(model('yield piece((" Thanks for watching!", 0, 1))', somebody_speaks=False))

    assert heard(sound, job) == Transcript()


def test_m91_cancel_kills_it(model: MakeModel, workspace: MakeWorkspace, sound: InputFile) -> None:
    """M91"""
    stop = threading.Event()
    job = workspace(
        model(SAYS_MIAU, "while True: pass"),
        stop=stop,
        report=lambda share: stop.set() if share > 0.1 else None,
    )

    with pytest.raises(Stopped):
        heard(sound, job)


def test_m91_one_that_stands_still_is_ended(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M91"""
    job = workspace(model("import time", "time.sleep(3600)", SAYS_MIAU), limits=Limits(stall_seconds=3))

    with pytest.raises(CommandFailed, match="stood still") as caught:
        heard(sound, job)
    assert caught.value.retryable


def test_m91_one_that_never_ends_is_ended(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M91"""
    job = workspace(model("while True: pass", SAYS_MIAU), limits=Limits(wall_clock_seconds=4))

    with pytest.raises(CommandTimeout):
        heard(sound, job)


def test_m92_one_that_takes_all_memory_is_refused_it(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M92"""
    job = workspace(model("bytearray(64 * 2**30)", SAYS_MIAU))

    with pytest.raises(CommandFailed, match="have CAPTIONS_MODEL name a smaller one") as caught:
        heard(sound, job)
    assert not caught.value.retryable


def test_failure_is_told_without_a_path(model: MakeModel, workspace: MakeWorkspace, sound: InputFile) -> None:
    job = workspace(model("raise RuntimeError('no')", SAYS_MIAU))

    with pytest.raises(CommandFailed) as caught:
        heard(sound, job)
    assert str(caught.value) == 'The speech in "cat.wav" could not be recognised.'


def test_m93_it_reads_no_foreign_file_and_opens_no_connection(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile, tools: Tools, tmp_path: Path
) -> None:
    """M93: the sound is a stranger's, and so may be what a library makes of it."""
    if tools.open_walls:
        pytest.skip("this machine cannot fence programs in")
    secret = tmp_path / "secret"
    secret.write_text("nobody may read this")
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        attempts = (
            "import socket",
            f"for attempt in (lambda: open({str(secret)!r}), lambda: open({str(tmp_path / 'new')!r}, 'w'),",
            f"        lambda: socket.create_connection(('127.0.0.1', {port}), 2)):",
            "    try: attempt()",
            '    except OSError: yield piece((" refused", 0, 1))',
            '    else: yield piece((" allowed", 0, 1))',
        )

        assert heard(sound, workspace(model(*attempts))).text == "refused refused refused"


def test_m97_it_has_the_lowest_priority(model: MakeModel, workspace: MakeWorkspace, sound: InputFile) -> None:
    """M97"""
    job = workspace(model("import os", 'yield piece((f" {os.getpriority(os.PRIO_PROCESS, 0)}", 0, 1))'))

    assert heard(sound, job).text == "19"


def test_model_whose_files_are_links_is_read(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile, tmp_path: Path
) -> None:
    made = model(SAYS_MIAU)
    blob = tmp_path / "blob"
    (made.path / "model.bin").rename(blob)
    (made.path / "model.bin").symlink_to(blob)

    lines = f"assert open({str(made.path / 'model.bin')!r}).read() == 'weights'"
    package = made.packages[0] / "faster_whisper" / "__init__.py"
    package.write_text(package.read_text().replace("    yield", f"    {lines}\n    yield"))

    assert heard(sound, workspace(made)).text == "Miau"


def test_m94_engine_without_a_model_says_so(workspace: MakeWorkspace, sound: InputFile) -> None:
    """M94"""
    with pytest.raises(SpeechModelMissing):
        heard(sound, workspace(None))


def test_m94_model_is_fetched_once_where_that_is_allowed(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M94"""
    made = model(SAYS_MIAU)
    utils = made.packages[0] / "faster_whisper" / "utils.py"
    utils.write_text(
        "def download_model(name, *, output_dir):\n    open(output_dir + '/model.bin', 'w').write(name)\n"
    )
    wanted = SpeechModel(name="base", folder=made.folder, may_fetch=True, packages=made.packages)

    assert heard(sound, workspace(wanted)).text == "Miau"
    assert (wanted.path / "model.bin").read_text() == "base"
    utils.unlink()
    assert heard(sound, workspace(wanted)).text == "Miau"


def test_m94_model_that_cannot_be_fetched_is_told_and_tried_again(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    """M94"""
    made = model(SAYS_MIAU)
    (made.packages[0] / "faster_whisper" / "utils.py").write_text("raise OSError('no network')\n")
    wanted = SpeechModel(name="base", folder=made.folder, may_fetch=True, packages=made.packages)

    with pytest.raises(CommandFailed, match='The model "base" could not be fetched') as caught:
        heard(sound, workspace(wanted))
    assert caught.value.retryable
    assert not wanted.is_there
