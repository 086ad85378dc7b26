"""Imports fall from layer to layer, and no modules import each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_house import ROOT, tracked
from import_layers import LAYERS, Layers, Module, cycles, import_graph, layer_of, modules_in, rising

THREE: Layers = (("shop.web",), ("shop.orders", "shop.stock"), ("shop",))


def shop(**sources: str) -> list[Module]:
    """Modules of a room; `web__pages` is `shop.web.pages`, and a name of one part is a package."""
    modules = [Module("shop", "shop/__init__.py", "", is_package=True)]
    for name, source in sources.items():
        path = name.replace("__", "/")
        is_package = "__" not in name
        file = f"shop/{path}/__init__.py" if is_package else f"shop/{path}.py"
        modules.append(Module(f"shop.{path.replace('/', '.')}", file, source, is_package))
    return modules


def breaches(**sources: str) -> list[str]:
    graph = import_graph(shop(**sources), THREE)
    return [*rising(graph, THREE), *cycles(graph)]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import shop.web.pages", id="module"),
        pytest.param("import shop.web.pages as p, os", id="renamed"),
        pytest.param("from shop.web.pages import view", id="name"),
        pytest.param("from shop.web import pages", id="module from its package"),
        pytest.param("from shop import web", id="package"),
        pytest.param("from ..web import pages", id="relative"),
        pytest.param("from ..web.pages import view", id="relative name"),
        pytest.param("def later():\n    from shop.web.pages import view", id="inside a function"),
        pytest.param("if TYPE_CHECKING:\n    from shop.web import pages", id="for type checkers"),
        pytest.param("try:\n    import shop.web\nexcept ImportError:\n    pass", id="optional"),
    ],
)
def test_import_of_a_higher_layer_is_a_breach(source: str) -> None:
    found = breaches(orders="", orders__rows=source, web="", web__pages="")

    assert len(found) == 1
    assert found[0].startswith("shop/orders/rows.py:")
    assert "which is above it" in found[0]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("from shop.orders import rows", id="lower layer"),
        pytest.param("from shop.stock import rows", id="other package of a lower layer"),
        pytest.param("from shop import settings", id="lowest layer"),
        pytest.param("from . import forms", id="own layer"),
        pytest.param("import json\nfrom os.path import join", id="of no room"),
        pytest.param("NAME = 'shop.web.pages'", id="text"),
    ],
)
def test_import_that_falls_is_none(source: str) -> None:
    found = breaches(
        web="", web__pages=source, web__forms="", orders="", orders__rows="", stock="", stock__rows=""
    )

    assert found == []


def test_relative_import_in_a_package_counts_from_the_package() -> None:
    found = breaches(orders="from . import rows\nfrom .. import web", orders__rows="", web="")

    assert found == ["shop/orders/__init__.py:2: shop.orders imports shop.web, which is above it"]


def test_longest_prefix_says_where_a_module_is() -> None:
    layers: Layers = (("shop.orders.admin",), ("shop.orders",))

    assert [layer_of(f"shop.orders{rest}", layers) for rest in (".admin.pages", ".rows", "", "_old")] == [
        0,
        1,
        1,
        None,
    ]


def test_module_that_no_layer_names_is_a_breach() -> None:
    layers: Layers = (("shop.web",), ("shop.orders",))
    graph = import_graph(shop(web__pages="from shop.carts import rows", carts__rows=""), layers)

    assert list(rising(graph, layers)) == [
        "shop/web/pages.py:1: shop.carts.rows stands in no layer of .ci/import_layers.py"
    ]


def test_cycle_of_two_is_a_breach_in_one_layer_too() -> None:
    found = breaches(
        orders__rows="from shop.stock import rows", stock__rows="def f():\n    import shop.orders.rows"
    )

    assert found == ["shop/orders/rows.py:1: a cycle of imports: shop.orders.rows, shop.stock.rows"]


def test_cycle_through_others_is_told_once_with_all_its_modules() -> None:
    found = breaches(
        web__a="import shop.web.b",
        web__b="import shop.web.c\nimport shop.web.d",
        web__c="import shop.web.a",
        web__d="import shop.orders.x",
        orders__x="import shop.orders.y",
        orders__y="import shop.orders.x",
    )

    assert sorted(line.partition("imports: ")[2] for line in found) == [
        "shop.orders.x, shop.orders.y",
        "shop.web.a, shop.web.b, shop.web.c",
    ]


def test_modules_are_named_by_their_files(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    files = [tmp_path / "shop" / "__init__.py", tmp_path / "shop" / "rows.py", tmp_path / "manage.py"]
    for file in files:
        file.touch()

    assert [module.name for module in modules_in(tmp_path, files)] == ["shop", "shop.rows", "manage"]


@pytest.mark.parametrize("room", LAYERS)
def test_every_prefix_of_the_table_is_a_module_of_its_room(room: str) -> None:
    modules = {module.name for module in modules_in(ROOT / room, tracked(f"{room}/**/*.py"))}

    assert {prefix for layer in LAYERS[room] for prefix in layer} <= modules
