#!/usr/bin/env python3
"""Makes common.txt: the passwords that everybody tries first, one a line, in the order of bytes.

    python3 -m venv venv
    venv/bin/pip install django==5.2.19
    venv/bin/python make_common.py > common.txt

The source is `common-passwords.txt.gz` of Django 5.2.19: 20000 passwords of breaches, in small
letters and each once, by Royce Williams. Left out: what an encoding has broken, and what is shorter
than four characters, which is refused for its repetition alone.
"""
import gzip
import pathlib
import sys

import django

SOURCE = pathlib.Path(django.__file__).parent / "contrib/auth/common-passwords.txt.gz"
BROKEN = "\u043f\u0457\u0455"

words = {word.strip() for word in gzip.open(SOURCE, "rt", encoding="utf-8")}
words = sorted(word for word in words if len(word) >= 4 and BROKEN not in word)
sys.stdout.reconfigure(encoding="utf-8")
print("\n".join(words))
