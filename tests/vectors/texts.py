# SPDX-License-Identifier: Apache-2.0
"""Vectors of texts: modifiers and their chains, wildcards, escapes, case, dashes, encodings."""
import base64
import itertools

from vector import Vector, event, events_of, one

# Values as a rule author writes them, with what SQL, expressions and globs would trip over.
VALUES = [
    "till.exe", "shop", "a", "ab*ef", "*tail", "head*", "*mid*", "a?c", "?", "*", "???", "*?", "?*x",
    r"C:\shop\till.exe", r"\\files\share", r"ends\\", r"50%\*", r"what\?", r"a\b", r"\*", r"\\*", r"\\\*",
    "50%_off", "[a-z]", "{0}", "it's", 'say "no"', "a|b", "(x)", "a.c", "^x$", "two  blanks", " lead",
    "Straße", "Ünï", "é", "naïve*é", "漢字", "漢?", "😀", "K", "ſ", "İ", "tab\there", "line\nfeed", "ab*\nef",
    "", "null", "true", "1", "-1.5",
]
CHAINS = [
    "", "contains", "startswith", "endswith", "cased", "contains|cased", "startswith|cased",
    "endswith|cased", "cased|contains", "cased|startswith", "cased|endswith",
]
SQL_TEXT = ("SQLite's NOCASE, LIKE and GLOB know the other case of ASCII letters only, read [a-z] "
            "as a set, and stop at none of this in the specification")


def plain(value):
    """A text that a value stands for, its escapes read and its wildcards filled, in several ways."""
    for run, any_one in (("", "x"), ("xyz", "é"), ("\n", ""), ("..", "yy")):
        out, i = "", 0
        while i < len(value):
            c = value[i]
            if c == "\\" and i + 1 < len(value) and value[i + 1] in "*?\\":
                out, i = out + value[i + 1], i + 1
            else:
                out += run if c == "*" else any_one if c == "?" else c
            i += 1
        yield out


def around(value):
    """Texts near a value: what it stands for, its other case, and with more or less around it."""
    found = []
    for text in plain(value):
        found += [text, text.swapcase(), "x" + text, text + "x", "x" + text + "\nx", text[1:], text[:-1]]
    found += [value, value.replace("\\", "\\\\"), "something else"]
    return list(dict.fromkeys(found))


def modifier_chains():
    for value in VALUES:
        for chain in CHAINS:
            key = "f|" + chain if chain else "f"
            yield one("text " + (chain or "plain"), (key, value), around(value), sql=SQL_TEXT)


def escapes():
    """Every value of up to three of these characters, on every text of up to two and some of three."""
    letters = ["\\", "*", "?", "a"]
    texts = ["".join(t) for n in range(3) for t in itertools.product(letters, repeat=n)]
    texts += ["\\\\\\", "\\*a", "\\?a", "a\\a", "a*a", "\\\\a", "*\\a", "aaa", "\\a\\", "?*\\"]
    for size in (1, 2, 3):
        for value in ("".join(v) for v in itertools.product(letters, repeat=size)):
            yield one("escape", ("f", value), texts, sql=SQL_TEXT)
    for value in ("".join(v) for v in itertools.product(letters, repeat=4)):
        if value.startswith("\\") and value != "\\aaa":
            yield one("escape of four", ("f|endswith", value), texts[:21:2] + texts[21:], sql=SQL_TEXT)


def lists():
    texts = ["alpha", "Beta", "alphabet", "the alpha and beta", "gamma", "", "al", "beta alpha x"]
    values = [["alpha", "beta"], ["alpha", "*bet"], ["al*", "b?ta"], ["x", "gamma", "alpha"],
              ["", "gamma"], ["alpha", "alpha"], [r"\*", "*"]]
    for many in values:
        for chain in ("", "contains", "startswith", "endswith", "contains|cased", "neq", "contains|neq"):
            yield one("list", ("f|" + chain if chain else "f", many), texts)
        for chain in ("contains|all", "all", "startswith|all", "endswith|all", "all|contains",
                      "contains|all|cased", "contains|all|neq"):
            yield one("all", ("f|" + chain, many), texts)
    for value in ("alpha", "*a*", "beta"):
        yield one("all with one value", ("f|contains|all", value), texts)
        yield one("all with one value", ("f|contains|all", [value]), texts)
    pairs = [event({"f": a, "g": b}) for a in ("alpha", "beta", "x") for b in ("alpha", "1", "")]
    pairs += [event({"f": "alpha"}), event({"g": "1"}), event({"h": "alpha"})]
    for first in ("alpha", ["alpha", "beta"], "*a"):
        for second in ("1", ["alpha", ""], "*"):
            yield Vector("map", {"s": {"f": first, "g": second}, "condition": "s"}, pairs)
            yield Vector("list of maps", {"s": [{"f": first}, {"g": second}], "condition": "s"}, pairs)
            yield Vector("list of maps",
                         {"s": [{"f": first, "g": second}, {"f|contains": "bet", "g": ""}],
                          "condition": "s"}, pairs)
            yield Vector("map under not", {"s": {"f": first, "g": second}, "condition": "not s"}, pairs)


def many_values():
    """Fields of several values: a test holds when it holds for one of them."""
    values = [["alpha", "beta"], ["beta"], ["x", "alphabet"], [1, "alpha"], [True, None], ["a", ["beta"]]]
    texts = events_of("f", values + ["alpha beta"])
    for item in (("f", "alpha"), ("f|startswith", "al"), ("f|contains|all", ["alp", "bet"]),
                 ("f|re", "^a.*t$"), ("f|gt", 0), ("f|neq", "beta"), ("f", None), ("f|exists", True),
                 ("f", ["beta", "x"]), ("f|cidr", "10.0.0.0/8"), ("f|cased", "beta"), ("f", 1)):
        yield Vector("several values", {"s": dict([item]), "condition": "s"}, texts)
    nested = [event({"f": {"g": "x", "h": 1}}), event({"f.g": "x"}), event({"f": "x"}),
              event({"f": {"g": {"h": "x"}}}), event({"f": [{"g": "x"}, {"g": "y"}]})]
    for item in (("f.g", "x"), ("f.g.h", "x"), ("f.h", 1), ("f.g|contains", "y"), ("f.g", None),
                 ("f.g|exists", False)):
        yield Vector("nested field", {"s": dict([item]), "condition": "s"}, nested)


def dashes():
    kinds = ["-", "/", "\u2013", "\u2014", "\u2015"]
    values = ["-force", "/c", "a -b", "--all", "x-y", "-", "- x", "x -y /z", "-é", "/*", "-?", "cmd /c -x",
              "-a-b", "a/b/c", "(-f)", "-1", "_-x", r"C:\x -f", "-f*g", "-\u2013x"]
    for value in values:
        texts = list(dict.fromkeys(
            [value] + [value.replace("-", k) for k in kinds] + [value.replace("/", k) for k in kinds]
            + [value.replace("-", "\u2013", 1).replace("/", "-"), value.replace("-", ""), value.upper(),
               "x " + value + " y", "x" + value.replace("-", "/")]))
        for chain in ("windash", "windash|contains", "contains|windash", "windash|startswith",
                      "windash|contains|cased", "windash|endswith"):
            yield one("windash", ("f|" + chain, value), texts, sql=SQL_TEXT)
    texts = ["x -a y /b", "/a /b", "-a", "\u2014a \u2015b", "a b", "-A -B", "-b"]
    for chain in ("windash|contains|all", "contains|windash", "windash|contains", "windash|contains|neq",
                  "contains|all|windash"):
        yield one("windash of a list", ("f|" + chain, ["-a", "-b"]), texts)
    more = "-a -b -c -d"
    yield one("windash of many", ("f|windash", more), [more, more.replace("-", "/"), "-a /b -c /d", "a b"])


UTF16 = {"wide": "utf-16-le", "utf16le": "utf-16-le", "utf16be": "utf-16-be"}
SECRETS = ["cmd", "till.exe", "IEX (x)", "a", "ab", "abc", "abcd", "/bin/sh -i", "pa%ss", "ünï", "漢", "0",
           r"C:\shop\x", "http://shop.example/", "two\nlines"]


def encoded(text, steps):
    """The bytes that a shipper would have seen, or None when Python has no such encoding."""
    data = text.encode()
    for step in steps:
        if step in UTF16:
            data = text.encode(UTF16[step])
        elif step == "utf16":
            data = b"\xff\xfe" + text.encode("utf-16-le")
    return data


def base64_chains():
    lossy = "base64 keeps capital and small letters apart, the comparison does not unless cased is added"
    for secret in SECRETS:
        value = secret.replace("\\", "\\\\")
        for steps in ([], ["wide"], ["utf16be"], ["utf16"], ["utf16le"]):
            data = encoded(secret, steps)
            contexts = [b"", b"x", b"yz", b"\x00\x01\x02", b"echo ;;"]
            whole = [base64.b64encode(before + data + after).decode()
                     for before in contexts for after in (b"", b"!", b"\x00\x00", b" tail")]
            near = [base64.b64encode(data[:-1] + b"#").decode(), base64.b64encode(b"nothing of it").decode(),
                    whole[0].swapcase(), secret, "", whole[0][:-1]]
            for last in ("base64", "base64|contains", "base64offset|contains", "base64|cased",
                         "base64offset|contains|cased", "base64|startswith"):
                chain = "|".join(steps + [last])
                yield one("encoding " + chain, ("f|" + chain, value), whole + near, sql=lossy)
    texts = [base64.b64encode(p + "abc".encode("utf-16-le") + b"..").decode() for p in (b"", b"1", b"22")]
    texts += [base64.b64encode(b"xyz-abc-").decode(), "nothing"]
    for chain in ("wide|base64offset|contains|all", "wide|base64offset|contains", "base64offset|contains",
                  "base64|contains|neq"):
        yield one("encoding of a list", ("f|" + chain, ["abc", "b"]), texts)
    for chain in ("base64offset", "windash|base64offset|contains", "windash|base64", "windash|wide|base64"):
        yield one("encoding after windash", ("f|" + chain, "x -enc"),
                  [base64.b64encode(("x " + d + "enc").encode()).decode() for d in "-/\u2013\u2014\u2015e"]
                  + [base64.b64encode(("x " + d + "enc").encode("utf-16-le")).decode() for d in "-/"])
    for chain in ("wide", "utf16be", "wide|contains"):
        yield one("utf16 without base64", ("f|" + chain, "abc"), ["a\0b\0c\0", "\0a\0b\0c", "abc", "xa\0b\0c\0"])


def families():
    for family in (modifier_chains, escapes, lists, many_values, dashes, base64_chains):
        yield from family()
