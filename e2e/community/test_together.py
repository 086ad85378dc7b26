"""What people do around a video, while it plays on: one journey of a person with an account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.conftest import Visitor, sign_in
from e2e.media.streams import Clips, put_video
from e2e.pages.player_page import VIDEO, open_player, play, seek
from e2e.pages.uppy_page import PATIENCE_MS
from e2e.site import Site
from playwright.sync_api import Browser, Page, Route, expect

expect.set_options(timeout=PATIENCE_MS)
# Browsers of tests say that nobody sits before them, and their views do not count.
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
GIVE_TO_MINA = """
from cattube.videos.models import Video
from django.contrib.auth.models import User
mina, _ = User.objects.get_or_create(username="mina")
Video.objects.filter(pk={id!r}).update(owner=mina, visibility="public")
"""
MANY_COMMENTS = """
from cattube.community.models import Comment
from cattube.videos.models import Video
from django.utils import timezone
video, now = Video.objects.get(pk={id!r}), timezone.now()
for number in range(24):
    Comment.objects.create(video=video, user=video.owner, text=f"Comment {{number}}.", created_at=now)
"""
IS_SAME_AND_PLAYS = f"() => {VIDEO}.dataset.mark === 'the same' && !{VIDEO}.paused"


@pytest.fixture
def person(site: Site, browser: Browser) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, user_agent=DESKTOP)
    visitor = Visitor(context, site)
    sign_in(visitor)
    yield visitor
    context.close()
    assert visitor.complaints == []


@pytest.fixture
def path(site: Site, clips: Clips) -> str:
    """Page of a film of mina's."""
    video = put_video(site, film=clips.film)
    site.run(GIVE_TO_MINA.format(id=video.id))
    return f"/videos/{video.id}"


def test_person_comments_likes_follows_and_saves_while_the_video_plays_on(
    person: Visitor, path: str, site: Site
) -> None:
    page = open_player(person, path)
    page.evaluate(f"{VIDEO}.dataset.mark = 'the same'")
    with page.expect_response(lambda answer: answer.url.endswith("/views")) as view:
        play(page, beyond_seconds=6)
    assert view.value.status == 204

    page.click("#like button")
    page.wait_for_selector("#like button[aria-pressed=true]")
    page.click("#follow button")
    page.wait_for_selector("#followers:has-text('1 follower')")
    comment(page)
    page.click("button[popovertarget=save]")
    page.click("#save-lists li:has-text('Watch later') button")
    page.wait_for_selector("#save-lists li:has-text('Watch later') button[aria-pressed=true]")
    page.wait_for_function(IS_SAME_AND_PLAYS)
    assert page.is_visible("#save")

    facts = site.get_json(f"/api{path}")
    assert (facts["views"], facts["likes"]) == (1, 1)
    page.keyboard.press("Escape")
    page.click("#comments a[href='?t=65']")
    page.wait_for_function(f"() => {VIDEO}.currentTime >= 65 && {VIDEO}.currentTime < 80")
    stop_at(page, 40)
    assert goes_on_elsewhere(person, path) == 40
    older_comments_join_the_page(person, path)


def comment(page: Page) -> None:
    page.fill("#say", "Look at 1:05 <b>here</b>")
    page.click("#comments form:has(#say) button[type=submit]")
    page.wait_for_selector("#comments article:has-text('Look at 1:05 <b>here</b>')")
    assert page.input_value("#say") == ""
    page.click("#comments article summary:has-text('Reply')")
    page.fill("#comments article textarea", "I did")
    page.click("#comments article button:has-text('Post reply')")
    page.wait_for_selector("#comments article article:has-text('I did')")
    assert page.text_content("#comments-title") == "2 comments"
    page.click("#comments article article button:has-text('Delete')")
    page.wait_for_selector("#comments .notice:has-text('The comment is deleted.')")
    assert page.text_content("#comments-title") == "1 comment"


def stop_at(page: Page, seconds: int) -> None:
    seek(page, seconds)
    with page.expect_response(lambda answer: answer.url.endswith("/position")) as kept:
        page.evaluate(f"{VIDEO}.pause()")
    assert kept.value.status == 204


def goes_on_elsewhere(person: Visitor, path: str) -> int:
    """Second at which the video begins where this browser remembers nothing by itself."""
    for page in person.context.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    page = open_player(person, path)
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0")
    return int(page.evaluate(f"Math.floor({VIDEO}.currentTime)"))


def older_comments_join_the_page(person: Visitor, path: str) -> None:
    """By keyboard: their place is kept while they are read, and the first of them has the focus then."""
    person.site.run(MANY_COMMENTS.format(id=path.rpartition("/")[2]))
    page = open_player(person, path)
    page.evaluate(f"{VIDEO}.dataset.mark = 'the same'")
    comments = page.locator("#comments > article")
    held: list[Route] = []
    page.route("**?comments=*", lambda route: held.append(route))
    expect(comments).to_have_count(20)
    page.focus("#comments [data-older] a")
    page.keyboard.press("Enter")
    expect(page.locator("#comments .comment[aria-hidden]")).to_have_count(3)
    continue_first(page, held)
    expect(comments).to_have_count(25)
    expect(page.locator("#comments .skeleton, #comments [data-older]")).to_have_count(0)
    expect(comments.nth(20)).to_be_focused()
    assert page.evaluate(f"{VIDEO}.dataset.mark") == "the same"


def continue_first(page: Page, held: list[Route]) -> None:
    """Their place is on the page a moment before the request is."""
    for _ in range(500):
        if held:
            break
        page.wait_for_timeout(20)
    held[0].continue_()
