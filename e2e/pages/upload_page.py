"""The upload page, as a person uses it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

# Every text that the first file's status line shows, in order: noted by the page itself, so none is missed.
RECORDER = """() => {
  window.shownLines = []
  const note = () => {
    const line = document.querySelector('#tray .file .status')?.textContent?.trim()
    if (line && line !== window.shownLines.at(-1)) window.shownLines.push(line)
  }
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
}"""


def slow_down(page: Page, *, upload_megabits: float) -> None:
    """Make the network as slow as a home connection, so that there is something to see."""
    _limit(page, upload_bytes_a_second=upload_megabits * 1_000_000 / 8)


def speed_up(page: Page) -> None:
    """Let what is left go as fast as it can, when all was seen."""
    _limit(page, upload_bytes_a_second=-1)


def _limit(page: Page, *, upload_bytes_a_second: float) -> None:
    session = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 5, "downloadThroughput": -1}
    session.send(
        "Network.emulateNetworkConditions", {**conditions, "uploadThroughput": upload_bytes_a_second}
    )


def drop(page: Page, clip: Path) -> None:
    """Choose a file in the box and wait for its row in the tray."""
    page.evaluate(RECORDER)
    page.set_input_files(".uppy-Dashboard-input >> nth=0", str(clip))
    page.wait_for_selector("#tray .file")


def cancel(page: Page) -> None:
    """Break off the selected upload, and wait until nothing is left of it."""
    page.click("#details [data-do=remove]")
    page.click("#confirm [data-role=yes]")
    page.wait_for_selector("#tray .file", state="detached")


def shown_lines(page: Page) -> list[str]:
    lines: list[str] = page.evaluate("window.shownLines")
    return lines


def share_link(page: Page) -> str:
    page.wait_for_function("() => document.querySelector('.link-field')?.value")
    return page.input_value("#details .link-field")


def wait_until_complete(page: Page, *, seconds: int = 300) -> None:
    """Wait until nothing more comes of the first file: it is ready, and in all qualities."""
    script = "() => document.querySelector('#tray .file .status')?.textContent?.trim() === 'Ready'"
    page.wait_for_function(script, timeout=seconds * 1000)


def wait_for_line(page: Page, start: str, *, seconds: int = 300) -> str:
    """Wait until the first file's status line begins with `start`; the whole line."""
    script = "start => document.querySelector('#tray .file .status')?.textContent?.trim().startsWith(start)"
    page.wait_for_function(script, arg=start, timeout=seconds * 1000)
    return page.inner_text("#tray .file .status")
