"""What Schemathesis cannot make up: pictures with faces, and ids that somebody has.

Valid requests get some in place of random texts, which ones depends on those texts only; a chain of requests keeps the
ids that it got from the server. The file that the variable FIRSERVER_CHECK_KNOWN names has what there is: a JSON object
with photos, crops, persons, thumbnails and collections.
"""

import json
import os
import pathlib
import zlib

import schemathesis

KNOWN = json.loads(pathlib.Path(os.environ["FIRSERVER_CHECK_KNOWN"]).read_text())
PICTURES = {"image", "images", "new_images", "gallery", "probe"}


def instead_of(text, known, odds):
    """One of the known texts `odds` of eight times, else the text as it is."""
    number = zlib.crc32(text.encode())
    return known[number // 8 % len(known)] if number % 8 < odds else text


def kind_of(key, path):
    """What a member or parameter names, and how often something that exists should take its place."""
    if key in PICTURES:
        return ("crops" if path.endswith("/crops") else "photos"), 7
    if "thumbnail" in key:
        return "thumbnails", 5
    if "collection" in key or (key in ("id", "comma_separated_ids") and path.startswith("/collection")):
        return "collections", 6
    if "person" in key or key == "id":
        return "persons", 5
    return None


def known(key, value, path, is_chained):
    kind = kind_of(key, path)
    if kind is None or (is_chained and key not in PICTURES):
        return value
    if isinstance(value, str):
        return instead_of(value, KNOWN[kind[0]], kind[1])
    if isinstance(value, list):
        return [known(key, element, path, is_chained) for element in value]
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what is known into a valid request."""
    if not case.meta or not case.meta.generation.mode.is_positive:
        return
    path, is_chained = case.operation.path, case.meta.phase.name == "stateful"
    for key, value in (case.path_parameters or {}).items():
        case.path_parameters[key] = known(key, value, path, is_chained)
    if isinstance(case.body, dict):
        case.body = {key: known(key, value, path, is_chained) for key, value in case.body.items()}
        search = case.body.get("search")
        if isinstance(search, dict):
            case.body["search"] = {key: known(key, value, path, is_chained) for key, value in search.items()}
