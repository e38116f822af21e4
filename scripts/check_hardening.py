#!/usr/bin/env python3
"""Check that the built program has what makes mistakes in C hard to exploit.

    scripts/check_hardening.py --program .build/release/firserver

It has to load at an address of the system's choice, have its tables read-only once they are bound, which happens at the
start, have no memory that is both written and executed, and guard the stack in our C.
"""

import argparse
import re
import subprocess
import sys


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def faults(program):
    header = output("readelf", "--wide", "--file-header", program)
    segments = output("readelf", "--wide", "--segments", program)
    dynamic = output("readelf", "--wide", "--dynamic", program)
    if not re.search(r"Type:\s+DYN", header) or not re.search(r"FLAGS_1.*\bPIE\b", dynamic):
        yield "it is no position-independent executable"
    if "GNU_RELRO" not in segments:
        yield "its tables stay writable (no GNU_RELRO)"
    if not re.search(r"\bBIND_NOW\b|FLAGS_1.*\bNOW\b", dynamic):
        yield "its symbols are bound while it runs (no BIND_NOW)"
    if "TEXTREL" in dynamic:
        yield "its code is changed when it is loaded (TEXTREL)"
    stack = re.search(r"GNU_STACK.*?\s(R[W ]?E?)\s", segments)
    if not stack or "E" in stack[1]:
        yield "its stack is executable"
    if re.search(r"LOAD.*\sRWE\s", segments):
        yield "some of its memory is both writable and executable"
    # The function of ours in C that has a buffer, for a jump, on its stack.
    code = output("objdump", "--disassemble=decode_rows", program)
    if "<decode_rows>:" not in code:
        yield "there is no function decode_rows to look at"
    elif "__stack_chk_fail" not in code:
        yield "the stack of decode_rows has no guard"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    found = list(faults(parser.parse_args().program))
    for fault in found:
        print(f"hardening: {fault}", file=sys.stderr)
    print("hardening: " + ("failed" if found else "all there"))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
