"""What axe-core finds on a page as it is now."""

from __future__ import annotations

from playwright.sync_api import Page

from e2e.site import ROOT

AXE = ROOT / "web-application" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def barriers(page: Page) -> dict[str, list[str]]:
    """Violations of its rules: places by rule."""
    # By the debugger, which no policy of the page holds back.
    page.evaluate(AXE.read_text())
    results = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return {rule["id"]: [node["html"][:200] for node in rule["nodes"]] for rule in results["violations"]}


def is_wider_than_window(page: Page) -> bool:
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(wider))
