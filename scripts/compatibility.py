#!/usr/bin/env python3
"""Writes docs/compatibility.md from the promises that passed tests have logged, or checks that it is up to date.

    FIRSERVER_CONTRACT_LOG=LOG swift test …      logs what the conformance tests promise
    scripts/compatibility.py --log LOG --write   writes the document
    scripts/compatibility.py --log LOG --check   fails when the document says something else
"""

import argparse
import json
import pathlib
import re
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "compatibility.md"

SUBJECTS = [
    "Addresses and transport", "Authentication", "CreatePerson", "UpdatePerson", "ReadPersons", "DeletePersons",
    "FindFaces", "GetImage", "GetProtocols", "GetAnalityc", "GetAnalitycByTime", "FindPasserBy",
    "FaceErrorDescriptions", "Similarity", "Recognition log", "Web Server 2.0",
    "Enface: users and tokens", "Enface: groups and sources", "Enface: person lists", "Enface: persons",
    "Enface: detect and compare", "Enface: action", "neuro-vision",
    "OpenCV Face Recognition: addresses, keys, failures", "OpenCV Face Recognition: cloud API",
    "OpenCV Face Recognition: FR Server",
]

VERDICTS = {
    "documented": "as documented",
    "observed": "as clients need it",
    "decided": "our decision",
    "differs": "**differs**",
}

HEAD = """\
# Compatibility, method by method

Every line is the name of a conformance test that passed: the tests speak HTTP to a running server, and this page is
written from what they report (`make compatibility`; the test run fails when it is stale).

| Verdict | Meaning |
|---|---|
| as documented | the vendor's documentation says so |
| as clients need it | not documented, but deployed clients rely on it |
| our decision | nothing is known of the product; this is what a user would most likely expect |
| **differs** | the product does otherwise, for the reason that is given |

What no model here can tell is never invented: glasses, facial hair, hair, headwear, emotion, liveness, evasion and
temperature are always 0 = undefined. Age and gender are estimated by networks.
"""


def promises(log: pathlib.Path) -> list[dict]:
    unique = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        promise = json.loads(line)
        unique[promise["subject"], promise["test"]] = promise
    unknown = {subject for subject, _ in unique} - set(SUBJECTS)
    if unknown:
        sys.exit(f"subjects without a place in the document: {sorted(unknown)}")
    return list(unique.values())


def document(found: list[dict]) -> str:
    order = list(VERDICTS)
    text = HEAD
    for subject in SUBJECTS:
        rows = [promise for promise in found if promise["subject"] == subject]
        rows.sort(key=lambda promise: (order.index(promise["verdict"]), re.sub(r"^\d+: ", "", promise["test"]).casefold()))
        if not rows:
            continue
        text += f"\n## {subject}\n\n| Promise | Verdict |\n|---|---|\n"
        for row in rows:
            reason = f": {row['reason']}" if row["reason"] else ""
            # Tests of the clients' checklist carry its number.
            sentence = re.sub(r"^\d+: ", "", row["test"])
            sentence = sentence[0].upper() + sentence[1:]
            text += f"| {sentence.replace('|', '&#124;')} | {VERDICTS[row['verdict']]}{reason} |\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=pathlib.Path, required=True)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true")
    action.add_argument("--check", action="store_true")
    arguments = parser.parse_args()

    found = promises(arguments.log)
    text = document(found)
    if arguments.write:
        DOCUMENT.write_text(text, encoding="utf-8")
        print(f"{DOCUMENT.name}: {len(found)} promises")
    elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        sys.exit(f"docs/{DOCUMENT.name} is stale: run make compatibility and commit it")
    else:
        print(f"docs/{DOCUMENT.name} agrees with {len(found)} promises of passed tests")


main()
