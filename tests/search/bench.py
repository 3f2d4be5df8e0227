"""`make bench-search`: how well searches answer, ours and Wagtail's own, and how fast ours do."""

import argparse
import os
from functools import partial

import django


def main() -> None:
    """Load the demo and the collection into a database of its own, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true", help="also print the queries that fell short")
    parser.add_argument(
        "--pages", type=int, nargs="*", default=[], help="sizes to time searches at"
    )
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import setup_databases, teardown_databases
    from wagtail.models import Page

    from home.demo.site import DemoSite
    from tests.search import collection, speed

    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        DemoSite().load()
        collection.load_paragraphs()
        judged = collection.queries()
        print(f"{connection.vendor}: {len(judged)} queries")
        searches = {
            "ours": collection.ours,
            "answers alone": partial(collection.ours, related=False),
            "Wagtail, all words": collection.stock("and"),
            "Wagtail, any word": collection.stock("or"),
        }
        for name, search in searches.items():
            print(f"\n{name:24}{'queries':>9}{'nDCG@10':>9}{'success@1':>11}")
            for line in collection.summary(search, judged):
                print(f"  {line.name:22}{line.queries:9}{line.ndcg:9.3f}{line.success:11.3f}")
        if options.v:
            for query, found, score in collection.measure(collection.ours, judged):
                if score < 0.95 and not query.is_held_out:
                    print(f"{score:.2f} {query.kind:9} {query.words!r}: {found} {query.grades}")
        for path in collection.SMALL:
            print(f"\n{path.stem:24}{'queries':>9}{'nDCG@10':>9}{'success@1':>11}")
            with transaction.atomic():
                small = collection.load_small(path)
                for name, search in searches.items():
                    line, *_ = collection.summary(collection.among(path, search), small)
                    print(f"  {name:22}{line.queries:9}{line.ndcg:9.3f}{line.success:11.3f}")
                transaction.set_rollback(True)
        for size in options.pages:
            speed.add_many(size - Page.objects.count())
            print(f"\n{size:,} pages: median and p95 in ms, database queries")
            for times in speed.measure(Client()):
                print(f"  {times}", flush=True)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
