from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.robots.video_encode.robot import VideoEncode
from cattube_worker.robots.video_thumbs import VideoThumbs

ENCODE = {"robot": "/video/encode", "use": ":original"}


def step_error(steps: object) -> StepError:
    with pytest.raises(StepError) as caught:
        read_steps(steps)
    assert caught.value.status == 400
    return caught.value


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        pytest.param(None, "ASSEMBLY_NO_STEPS", id="none"),
        pytest.param({}, "ASSEMBLY_EMPTY_STEPS", id="empty"),
        pytest.param(["a"], "ASSEMBLY_INVALID_STEPS", id="a-list"),
        pytest.param({"a": "b"}, "ASSEMBLY_STEP_INVALID", id="step-is-text"),
        pytest.param({"a": {}}, "ASSEMBLY_STEP_NO_ROBOT", id="no-robot"),
        pytest.param({"a": {"robot": 3}}, "ASSEMBLY_STEP_INVALID_ROBOT", id="robot-is-a-number"),
        pytest.param({"a": {"robot": "/html/convert"}}, "ASSEMBLY_STEP_UNKNOWN_ROBOT", id="unknown-robot"),
        pytest.param({":original": ENCODE}, "INVALID_STEP_NAME", id="original-encodes"),
        pytest.param(
            {"a": {"robot": "/upload/handle"}}, "INVALID_UPLOAD_HANDLE_STEP_NAME", id="handle-renamed"
        ),
        pytest.param({"a": {**ENCODE, "use": 7}}, "ASSEMBLY_STEP_INVALID_USE", id="use-is-a-number"),
        pytest.param({"a": {**ENCODE, "use": []}}, "ASSEMBLY_STEP_INVALID_USE", id="use-is-empty"),
        pytest.param({"a": {**ENCODE, "use": "b"}}, "ASSEMBLY_STEP_UNKNOWN_USE", id="use-of-nothing"),
        pytest.param({"a": {**ENCODE, "use": "a"}}, "ASSEMBLY_INFINITE", id="uses-itself"),
        pytest.param(
            {"a": {**ENCODE, "use": "b"}, "b": {**ENCODE, "use": "a"}}, "ASSEMBLY_INFINITE", id="cycle"
        ),
    ],
)
def test_invalid_steps_are_refused_with_transloadits_code(steps: object, code: str) -> None:
    assert step_error(steps).code == code


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        pytest.param({"width": 0}, "width", id="no-width"),
        pytest.param({"width": 99999}, "width", id="too-wide"),
        pytest.param({"width": "wide"}, "width", id="width-in-words"),
        pytest.param({"preset": "web/mp4/9000p"}, "preset", id="unknown-preset"),
        pytest.param({"resize_strategy": "squeeze"}, "resize_strategy", id="unknown-strategy"),
        pytest.param({"rotate": 45}, "rotate", id="oblique"),
        pytest.param({"background": "red;movie=/etc/passwd"}, "background", id="filter-in-a-colour"),
        pytest.param({"crop": "not json"}, "crop", id="crop-in-words"),
        pytest.param({"crop": {"x1": 1, "y1": 1, "x2": 1, "y2": 5}}, "crop", id="crop-of-nothing"),
        pytest.param({"watermark_position": "middle"}, "watermark_position", id="unknown-position"),
        pytest.param({"watermark_opacity": 2}, "watermark_opacity", id="more-than-opaque"),
        pytest.param({"watermark_size": "25"}, "watermark_size", id="size-without-percent"),
        pytest.param({"watermark_url": "file:///etc/passwd"}, "watermark_url", id="m22-file-url"),
        pytest.param({"watermark_url": "/etc/passwd"}, "watermark_url", id="m22-path"),
        pytest.param({"watermark_url": "gopher://x/"}, "watermark_url", id="m22-other-scheme"),
        pytest.param({"ffmpeg": {"vf": "movie=/etc/passwd"}}, "ffmpeg", id="m22-raw-arguments"),
        pytest.param({"ffmpeg": {"filter_complex": "drawtext=textfile=/x"}}, "ffmpeg", id="m22-drawtext"),
        pytest.param({"segment_duration": 0}, "segment_duration", id="empty-segments"),
        pytest.param({"ignore_errors": ["everything"]}, "ignore_errors", id="unknown-phase"),
    ],
)
def test_m22_invalid_parameter_is_refused_with_its_step_and_name(
    parameters: dict[str, Any], name: str
) -> None:
    error = step_error({"tiny": {**ENCODE, **parameters}})

    assert error.code == "VIDEO_ENCODE_VALIDATION"
    assert error.step == "tiny"
    assert f'"{name}' in str(error)
    assert '"tiny"' in str(error)


@pytest.mark.parametrize(
    "parameters",
    [
        {"count": 0},
        {"count": 1000},
        {"format": "tiff"},
        {"offsets": ["-1"]},
        {"offsets": ["1;2"]},
        {"width": 1921},
    ],
)
def test_invalid_parameters_of_thumbs_are_refused(parameters: dict[str, Any]) -> None:
    assert step_error({"t": {"robot": "/video/thumbs", **parameters}}).code == "VIDEO_THUMBS_VALIDATION"


def test_numbers_and_booleans_may_be_text() -> None:
    steps = read_steps({"a": {**ENCODE, "width": "320", "zoom": "false", "rotate": "90", "result": "true"}})

    encode = steps["a"].params
    assert isinstance(encode, VideoEncode)
    assert (encode.width, encode.zoom, encode.rotate) == (320, False, 90)
    assert steps["a"].is_result


def test_crop_may_be_text() -> None:
    steps = read_steps({"a": {**ENCODE, "crop": '{"x1": 0, "y1": "10%", "x2": 80, "y2": "90%"}'}})

    encode = steps["a"].params
    assert isinstance(encode, VideoEncode)
    assert encode.crop is not None
    assert (encode.crop.x1, encode.crop.y1) == ("0", "10%")


def test_parameters_of_the_public_example_template_are_read() -> None:
    steps = read_steps(
        {
            ":original": {"robot": "/upload/handle"},
            "watermarked": {
                "use": [":original"], "robot": "/video/encode", "result": True, "ffmpeg_stack": "v4.3.1",
                "preset": "ipad-high", "width": 1280, "height": 720, "resize_strategy": "fillcrop",
                "turbo": True, "watermark_url": "https://example.com/mark.png", "watermark_size": "25%",
                "watermark_position": "top-right", "watermark_x_offset": -10, "watermark_y_offset": 10,
            },
            "thumbnail": {
                "use": ["watermarked"], "robot": "/video/thumbs", "ffmpeg_stack": "v4.3.1", "count": 1,
                "offsets": ["10%"], "format": "jpeg", "resize_strategy": "fit", "width": 320, "height": 320,
            },
        }
    )  # fmt: skip

    thumbs = steps["thumbnail"].params
    assert isinstance(thumbs, VideoThumbs)
    assert thumbs.offsets == ("10%",)


def test_parameter_with_a_variable_is_not_checked_yet() -> None:
    steps = read_steps({"a": {**ENCODE, "width": "${fields.width}", "height": 20}})

    encode = steps["a"].params
    assert isinstance(encode, VideoEncode)
    assert (encode.width, encode.height) == (None, 20)
    assert steps["a"].raw["width"] == "${fields.width}"


def test_parameter_beside_one_with_a_variable_is_checked() -> None:
    assert "height" in str(step_error({"a": {**ENCODE, "width": "${fields.width}", "height": -1}}))


def test_step_without_use_takes_the_uploads_which_need_no_step() -> None:
    steps = read_steps({"a": {"robot": "/video/thumbs"}})

    assert set(steps) == {":original", "a"}
    assert [use.step for use in steps["a"].uses] == [":original"]


@pytest.mark.parametrize(
    ("use", "uses", "is_bundle", "by_original"),
    [
        pytest.param(["a", "b"], [("a", (), None), ("b", (), None)], False, False, id="list"),
        pytest.param({"name": "a", "fields": "f"}, [("a", ("f",), None)], False, False, id="one-object"),
        pytest.param({"steps": ["a"], "bundle_steps": True}, [("a", (), None)], True, False, id="bundle"),
        pytest.param(
            {"steps": ["a"], "group_by_original": True}, [("a", (), None)], True, True, id="by-original"
        ),
        pytest.param(
            {"steps": ["a"], "fields": ["f", "g"]}, [("a", ("f", "g"), None)], False, False, id="fields"
        ),
        pytest.param(
            [{"name": "a", "as": "video"}, {"name": "b", "as": "audio"}],
            [("a", (), "video"), ("b", (), "audio")], True, False, id="roles-belong-together",
        ),
    ],
)  # fmt: skip
def test_use_is_read_in_all_its_spellings(
    use: object, uses: list[tuple[Any, ...]], is_bundle: bool, by_original: bool
) -> None:
    steps = {name: {"robot": "/video/encode"} for name in ("a", "b")}

    step = read_steps({**steps, "c": {"robot": "/video/encode", "use": use}})["c"]

    assert [(source.step, source.fields, source.role) for source in step.uses] == uses
    assert (step.is_bundle, step.group_by_original) == (is_bundle, by_original)


def test_a_robot_that_cannot_be_here_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(StepError, match="Store them with /s3/store or /backblaze/store") as caught:
        read_steps({"served": {"robot": "/file/serve", "cache_duration": 60}})

    assert (caught.value.code, caught.value.step) == ("ASSEMBLY_STEP_UNKNOWN_ROBOT", "served")
    assert 'The step "served" asks for /file/serve' in str(caught.value)
