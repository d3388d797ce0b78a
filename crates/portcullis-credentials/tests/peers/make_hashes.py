#!/usr/bin/env python3
"""Makes hashes.tsv: passwords hashed by the programs whose hashes we import.

    python3 -m venv venv
    venv/bin/pip install django==5.2.19 passlib==1.7.4 bcrypt==4.0.1 argon2-cffi==25.1.0
    venv/bin/python make_hashes.py > hashes.tsv

One hash a line: what made it, the password, the hash. Salts are fixed, so it makes the same file
again. Costs are low: what is tested is that both sides compute the same.

ASP.NET Core is not at hand here: `aspnet` writes its layout down. The two lines for "my password"
are what its own hasher makes of it with this salt, as its tests say.
"""
import base64
import hashlib
import struct

import argon2
import bcrypt
from django.conf import settings

settings.configure()
from django.contrib.auth import hashers
from passlib import hash as passlib

PASSWORDS = [
    "correct horse battery staple",
    "p\u00e4ssw\u00f6rd \u732b \U0001f512",
    "a" * 72,
    "",
]
# What bcrypt would cut off, and every other function takes.
LONG = "0123456789" * 20
SALT = bytes(range(16))
TEXT_SALT = "Salt0123456789ABCDEFGH"
BCRYPT_SALT = "CCCCCCCCCCCCCCCCCCCCC."


def out(by, password, text):
    print(by, password, text, sep="\t")


def django(password):
    pbkdf2, sha1 = hashers.PBKDF2PasswordHasher(), hashers.PBKDF2SHA1PasswordHasher()
    out("django", password, pbkdf2.encode(password, TEXT_SALT, 1500))
    out("django", password, sha1.encode(password, TEXT_SALT, 1500))
    hasher = hashers.Argon2PasswordHasher()
    hasher.memory_cost, hasher.parallelism = 1024, 8
    out("django", password, hasher.encode(password, TEXT_SALT))
    out("django", password, hashers.ScryptPasswordHasher().encode(password, TEXT_SALT, n=1024))
    bcrypt_salt = f"$2b$04${BCRYPT_SALT}".encode()
    out("django", password, hashers.BCryptSHA256PasswordHasher().encode(password, bcrypt_salt))
    if password != LONG:
        out("django", password, hashers.BCryptPasswordHasher().encode(password, bcrypt_salt))


def passlib_own(password):
    for one in (passlib.pbkdf2_sha1, passlib.pbkdf2_sha256, passlib.pbkdf2_sha512,
                passlib.ldap_pbkdf2_sha1, passlib.ldap_pbkdf2_sha256, passlib.ldap_pbkdf2_sha512):
        out("passlib", password, one.using(rounds=1500, salt=SALT).hash(password))
    out("passlib", password, passlib.atlassian_pbkdf2_sha1.using(salt=SALT).hash(password))
    out("passlib", password, passlib.scrypt.using(rounds=10, block_size=8, salt=SALT).hash(password))
    for variant in ("ID", "I", "D"):
        using = passlib.argon2.using(type=variant, memory_cost=512, rounds=2, parallelism=2, salt=SALT)
        out("passlib", password, using.hash(password))
    for version in (1, 2):
        using = passlib.bcrypt_sha256.using(rounds=4, salt=BCRYPT_SALT, version=version)
        out("passlib", password, using.hash(password))
    if password != LONG:
        for ident in ("2a", "2b", "2y"):
            using = passlib.bcrypt.using(rounds=4, salt=BCRYPT_SALT, ident=ident)
            out("passlib", password, using.hash(password))
        out("passlib", password, passlib.ldap_bcrypt.using(rounds=4, salt=BCRYPT_SALT).hash(password))
    for one in (passlib.ldap_salted_sha1, passlib.ldap_salted_sha256, passlib.ldap_salted_sha512):
        out("passlib", password, one.using(salt=SALT[:8]).hash(password))


def alone(password):
    if password != LONG:
        out("bcrypt", password, bcrypt.hashpw(password.encode(), f"$2b$05${BCRYPT_SALT}".encode()).decode())
    for kind in (argon2.low_level.Type.ID, argon2.low_level.Type.I, argon2.low_level.Type.D):
        out("argon2-cffi", password, argon2.low_level.hash_secret(
            password.encode(), SALT, time_cost=3, memory_cost=256, parallelism=4, hash_len=32, type=kind).decode())
    if password in PASSWORDS[:2]:
        out("argon2-cffi", password, argon2.low_level.hash_secret(
            password.encode(), SALT, time_cost=3, memory_cost=65536, parallelism=4, hash_len=32,
            type=argon2.low_level.Type.ID).decode())


def aspnet_version_3(password, number, name, rounds):
    tag = hashlib.pbkdf2_hmac(name, password.encode(), SALT, rounds, 32)
    head = struct.pack(">BIII", 1, number, rounds, len(SALT))
    out("aspnet-layout", password, base64.b64encode(head + SALT + tag).decode())


def aspnet_version_2(password):
    tag = hashlib.pbkdf2_hmac("sha1", password.encode(), SALT, 1000, 32)
    out("aspnet-layout", password, base64.b64encode(b"\0" + SALT + tag).decode())


for one in [*PASSWORDS, LONG]:
    django(one)
    passlib_own(one)
    alone(one)
    aspnet_version_2(one)
    for at, function in enumerate(("sha1", "sha256", "sha512")):
        aspnet_version_3(one, at, function, 1500)
aspnet_version_2("my password")
aspnet_version_3("my password", 1, "sha256", 10000)
