"""What import-linter cannot see: the layers in strings, in templates and in the database."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import Model
from django.template import Engine, TemplateDoesNotExist
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    ChooserBlock,
    ListBlock,
    PageChooserBlock,
)
from wagtail.coreutils import resolve_model_string
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from base.models import BasePage

ROOT = Path(__file__).parents[1]
LEVELS = {
    "base": 1,
    "blog": 2,
    "courses": 2,
    "search": 2,
    "blog_comments": 2.5,
    "blog_migrate": 2.5,
    "blog_newsletter": 2.5,
    "courses_bookings": 2.5,
    "courses_enquiries": 2.5,
    "home": 3,
    "config": 4,
}
# A sub-app knows its parent; only templates of the parent may use its tags.
PARENTS = {
    "blog_comments": "blog",
    "blog_migrate": "blog",
    "blog_newsletter": "blog",
    "courses_bookings": "courses",
    "courses_enquiries": "courses",
}
FOLDERS = {
    name: ROOT / ("site" if name in ("base", "config") else "") / name.replace("_", "/")
    for name in LEVELS
}
LINES = 500

MODELS = [model for model in apps.get_models() if model._meta.app_label in LEVELS]
PAGE_TYPES = [model for model in get_page_models() if model is not Page]
TEMPLATES = [
    path for folder in FOLDERS.values() for path in folder.glob("templates/**/*") if path.is_file()
]
TAG = re.compile(r"{%-?\s*(?P<tag>include|extends|load)\s+(?P<rest>.*?)\s*-?%}")
LITERAL = re.compile(r"""["'](?P<name>[\w./-]+\.(?:html|svg|txt|webmanifest|xml))["']""")


def name_of(thing: object) -> str:
    if isinstance(thing, Path):
        return str(thing.relative_to(ROOT))
    return f"{thing._meta.label}" if hasattr(thing, "_meta") else str(thing)


def may_know(source: str, target: str) -> bool:
    """Whether code of one app may refer to another: itself, those below, and other people's."""
    if source in PARENTS and target in LEVELS:
        return target in (source, PARENTS[source], "base")
    return source == target or target not in LEVELS or LEVELS[target] < LEVELS[source]


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("home", "blog", True),
        ("blog", "base", True),
        ("blog", "wagtailcore", True),
        ("blog", "courses", False),
        ("search", "blog", False),
        ("base", "home", False),
        ("courses", "home", False),
        ("blog_comments", "blog", True),
        ("blog_comments", "courses", False),
        ("blog", "blog_comments", False),
    ],
)
def test_the_rule_itself(source: str, target: str, allowed: bool) -> None:
    assert may_know(source, target) is allowed


def relations(model: type[Model]) -> Iterator[type[Model]]:
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if field.is_relation:
            yield field.related_model


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_relations_lead_downwards(model: type[Model]) -> None:
    source = model._meta.app_label
    upwards = [
        target._meta.label
        for target in relations(model)
        if not may_know(source, target._meta.app_label)
    ]
    assert not upwards


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=name_of)
def test_page_types_name_only_those_below(page_type: type[Page]) -> None:
    names = [
        *(getattr(page_type, "subpage_types", None) or []),
        *(getattr(page_type, "parent_page_types", None) or []),
    ]
    upwards = [
        name for name in names if not may_know(page_type._meta.app_label, name.split(".")[0])
    ]
    assert not upwards


def chosen_models(block: Block) -> Iterator[type[Model]]:
    """Every model that a block, however deep, lets editors choose from."""
    match block:
        case BaseStreamBlock() | BaseStructBlock():
            for child in block.child_blocks.values():
                yield from chosen_models(child)
        case ListBlock():
            yield from chosen_models(block.child_block)
        case PageChooserBlock():
            yield from block.target_models
        case ChooserBlock():
            yield resolve_model_string(block.target_model)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_blocks_choose_only_from_those_below(model: type[Model]) -> None:
    upwards = [
        f"{field.name} chooses {target._meta.label}"
        for field in model._meta.local_fields
        if isinstance(field, StreamField)
        for target in chosen_models(field.stream_block)
        if not may_know(model._meta.app_label, target._meta.app_label)
    ]
    assert not upwards


def app_of(template: Path) -> str:
    owners = [name for name, folder in FOLDERS.items() if template.is_relative_to(folder)]
    return max(owners, key=lambda name: len(FOLDERS[name].parts))


def tag_libraries() -> dict[str, str]:
    """Which of our apps each of our tag libraries belongs to."""
    return {
        file.stem: app
        for app, folder in FOLDERS.items()
        for file in folder.glob("templatetags/*.py")
        if file.stem != "__init__"
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_templates_know_only_those_below(template: Path) -> None:
    libraries = tag_libraries()
    targets = []
    for tag in TAG.finditer(template.read_text()):
        if tag["tag"] == "load":
            used = [libraries[name] for name in tag["rest"].split() if name in libraries]
            targets += [name for name in used if PARENTS.get(name) != app_of(template)]
        else:
            targets += [match["name"].split("/")[0] for match in LITERAL.finditer(tag["rest"])]
    upwards = [target for target in targets if not may_know(app_of(template), target)]
    assert not upwards


# The tree of pages: what may stand under what

CHILDREN = {
    "wagtailcore.Page": {"home.HomePage"},
    "home.HomePage": {
        "base.PeopleIndexPage",
        "blog.BlogIndexPage",
        "blog_newsletter.NewsletterIndexPage",
        "courses.CourseIndexPage",
        "home.ContactPage",
        "home.StandardPage",
    },
    "home.StandardPage": {"home.StandardPage"},
    "home.ContactPage": set(),
    "base.PeopleIndexPage": {"base.PersonPage"},
    "base.PersonPage": set(),
    "blog.BlogIndexPage": {"blog.BlogPage"},
    "blog_newsletter.NewsletterIndexPage": {"blog_newsletter.NewsletterIssuePage"},
    "blog_newsletter.NewsletterIssuePage": set(),
    "blog.BlogPage": set(),
    "courses.CourseIndexPage": {
        "courses.CareCertificatePage",
        "courses.CoursePage",
        "courses.ProgrammePage",
    },
    "courses.CareCertificatePage": set(),
    "courses.CoursePage": set(),
    "courses.ProgrammePage": set(),
}


def test_the_tree_names_every_page_type() -> None:
    assert {model._meta.label for model in PAGE_TYPES} == CHILDREN.keys() - {"wagtailcore.Page"}


@pytest.mark.parametrize("parent", CHILDREN)
def test_what_may_stand_under_a_page(parent: str) -> None:
    allowed = {model._meta.label for model in apps.get_model(parent).allowed_subpage_models()}
    assert allowed - {"wagtailcore.Page"} == CHILDREN[parent]


@pytest.mark.parametrize("child", sorted(CHILDREN.keys() - {"wagtailcore.Page"}))
def test_where_a_page_may_stand(child: str) -> None:
    allowed = {model._meta.label for model in apps.get_model(child).allowed_parent_page_models()}
    assert allowed == {parent for parent, children in CHILDREN.items() if child in children}


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=name_of)
def test_every_page_type_stands_on_the_foundation(page_type: type[Page]) -> None:
    assert issubclass(page_type, BasePage)
    Engine.get_default().get_template(page_type.card_template)


# Nothing dead, nothing pending, nothing too long


def used_names() -> set[str]:
    """Every template's name that a template or a Python file of ours spells out."""
    sources = [*TEMPLATES, *(path for folder in FOLDERS.values() for path in folder.rglob("*.py"))]
    return {match["name"] for path in sources for match in LITERAL.finditer(path.read_text())}


def named_by_convention() -> set[str]:
    names = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    for page_type in PAGE_TYPES:
        names |= {page_type.template, page_type.card_template}
        names.add(getattr(page_type, "landing_page_template", page_type.template))
    return names


def overrides_a_package(name: str) -> bool:
    """Whether the template replaces one of Wagtail's or Django's."""
    packages = [
        Path(app.path) / "templates" / name
        for app in apps.get_app_configs()
        if app.label not in LEVELS
    ]
    return any(path.exists() for path in packages)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_template_is_used(template: Path) -> None:
    name = template.as_posix().split("/templates/", 1)[1]
    assert name in used_names() or name in named_by_convention() or overrides_a_package(name), (
        f"Nobody uses {name}"
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_template_that_is_named_exists(template: Path) -> None:
    for tag in TAG.finditer(template.read_text()):
        for match in LITERAL.finditer(tag["rest"]):
            try:
                Engine.get_default().find_template(match["name"])
            except TemplateDoesNotExist:
                pytest.fail(f"{name_of(template)} names {match['name']}, which does not exist")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=output)
    except SystemExit:
        pytest.fail(output.getvalue())


def test_site_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "site/__init__.py").exists()
    assert settings.ROOT == ROOT


def test_no_file_is_too_long() -> None:
    folders = [*FOLDERS.values(), ROOT / "tests"]
    files = [
        path
        for folder in folders
        for kind in ("py", "html", "css", "js")
        for path in folder.glob(f"**/*.{kind}")
        if path.parent.name != "migrations"
    ]
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in files}
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > LINES}
