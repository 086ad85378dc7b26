from __future__ import annotations

import json
from pathlib import Path

from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps

from .plans import encode, names, plan, store, thumbs

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"


def test_our_template_has_nodes_that_viewers_wait_for_and_batch_nodes() -> None:
    steps = json.loads(TEMPLATE.read_text())["steps"]

    compiled = compile_plan(read_steps(steps))

    awaited = [node for node in compiled.nodes if not node.is_batch]
    assert [node.name for node in awaited] == ["resized+watermarked+thumbnail+storyboard", "exported"]
    batch = [node for node in compiled.nodes if node.is_batch]
    assert [node.name for node in batch] == ["kept", "1080p+480p+360p", "hls", "streamed"]
    assert [use.step for use in batch[1].uses] == [":original"]
    assert [node.name for node in compiled.nodes if node.passes_through] == ["kept", "exported", "streamed"]


def test_sizes_of_the_same_upload_share_a_node() -> None:
    assert names(plan(small=encode(width=2), large=encode(width=4), still=thumbs())) == ["small+large+still"]


def test_store_step_in_between_does_not_split_a_node() -> None:
    assert names(plan(a=encode(), kept=store("a"), b=encode("a"))) == ["a+b", "kept"]


def test_order_follows_the_uses_not_the_spelling() -> None:
    compiled = plan(kept=store("b"), b=thumbs("a"), a=encode())

    assert names(compiled) == ["a+b", "kept"]
    assert [step.name for step in compiled.nodes[0].steps] == ["a", "b"]


def test_step_with_variables_of_a_result_is_a_node_of_its_own() -> None:
    assert names(plan(a=encode(), b=encode("a", width="${file.meta.width}"))) == ["a", "b"]


def test_step_that_uses_several_steps_is_a_node_of_its_own() -> None:
    assert names(plan(a=encode(), b=encode(["a", ":original"]))) == ["a", "b"]


def test_stills_give_no_frames_to_later_steps() -> None:
    assert names(plan(a=thumbs(), b=thumbs("a"))) == ["a", "b"]


def test_step_that_may_fail_is_a_node_of_its_own() -> None:
    compiled = plan(a=encode(), b=encode(ignore_errors=True), c=thumbs())

    assert names(compiled) == ["a+c", "b"]
    assert compiled.node("b").may_fail
    assert not compiled.node("a+c").may_fail


def test_step_that_uses_one_form_field_is_a_node_of_its_own() -> None:
    assert names(plan(a=encode(), b=encode({"steps": [":original"], "fields": ["clip"]}))) == ["a", "b"]


def test_every_step_is_a_node_when_none_may_fuse() -> None:
    steps = read_steps({"a": encode(), "b": thumbs("a")})

    assert names(compile_plan(steps, may_fuse=False)) == ["a", "b"]


def test_plan_of_uploads_alone_has_no_nodes() -> None:
    compiled = compile_plan(read_steps({":original": {"robot": "/upload/handle"}}))

    assert compiled.nodes == ()
    assert compiled.node_of(":original") is None


def test_batch_steps_share_a_node_with_batch_steps_only() -> None:
    compiled = plan(
        now=encode(), still=thumbs("now"), later=encode("now", queue="batch"), last=encode(queue="batch")
    )

    assert names(compiled) == ["now+still", "last", "later"]
    assert [node.is_batch for node in compiled.nodes] == [False, True, True]
