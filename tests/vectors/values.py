# SPDX-License-Identifier: Apache-2.0
"""Vectors of values that are no plain text: null and presence, numbers, networks, times, other
fields, regular expressions, placeholders."""
from vector import Raw, Vector, event, events_of, one

ABSENT = event({"other": "x"})


def item(family, key, value, events, **more):
    return Vector(family, {"s": {key: value}, "condition": "s"}, events, **more)


def presence():
    events = [ABSENT] + events_of("f", ["", "x", None, "null", " ", 0, False, "*", "None"])
    events += [event({}), event({"F": "x"}), event({"f": "x", "other": None})]
    for value in (None, "", "*", "?", "?*", "x", "null", "none", "~", True, False, 0):
        for key in ("f", "f|neq"):
            yield item("presence", key, value, events)
        yield Vector("presence under not", {"s": {"f": value}, "condition": "not s"}, events)
        yield Vector("presence beside another", {"s": {"f": value}, "t": {"other": "*"},
                                                 "condition": "t and not s"}, events)
    for value in (True, False):
        yield item("exists", "f|exists", value, events)
        yield Vector("exists under not", {"s": {"f|exists": value}, "condition": "not s"}, events)
    for chain in ("contains", "startswith", "endswith", "cased"):
        for key in ("f|" + chain, f"f|{chain}|neq", f"f|neq|{chain}"):
            yield item("neq and missing", key, "x", events)
            yield item("neq and missing", key, "", events)
    for many in (["x", ""], ["x", "y"], ["", "*"], ["x"]):
        for key in ("f", "f|neq", "f|contains|neq"):
            yield item("neq of a list", key, many, events)
    yield item("null in a list", "f", [None, "x"], events)


SCALARS = ["1", "01", "+1", "-5", "1.0", "1.50", "0.5", ".5", "5.", "1e3", "1E3", "0x17", "0o17", "017", "1_000",
           "12345678901234567890", "9007199254740993", "'1'", '"1.0"', "'0x17'", "true", "True", "TRUE",
           "'true'", "false", "yes", "on", "Yes", "n", "~", "null", "Null", "''", "12:30", "1:30:45", "2026-11-24",
           "2026-11-24 10:00:00", ".inf", "-.inf", ".nan", "1 2", "-0", "0", "00", "1.0.0", "-", "+"]
NUMBERS = [1, 10, -5, 0, 0.5, Raw("1.0"), Raw("1.50"), 1000, Raw("1e3"), 23, 15, True, False, "1", "01", "0x17",
           "23", "017", "1_000", "1000", "yes", "true", "TRUE", "on", "n", "", "12:30", "750", "2026-11-24", ".5",
           "0.5", "5.", "+1", "-0", "inf", ".inf", "nan", Raw("12345678901234567890"), "12345678901234567890",
           Raw("9007199254740992"), Raw("9007199254740993"), "5445", None, "1.0.0", "-", "12345678901234567891"]


def scalars():
    events = events_of("f", NUMBERS)
    sql = "SQLite compares numbers by their value and takes a boolean for 1 or 0"
    for text in SCALARS:
        yield Vector("scalar", "{s: {f: " + text + "}, condition: s}", events, sql=sql)
    for text in ("1", "-5", "1.5", "true", "0x17", "17"):
        for chain in ("contains", "startswith", "endswith", "cased", "neq", "re", "contains|neq"):
            yield Vector("scalar with a modifier", "{s: {f|" + chain + ": " + text + "}, condition: s}", events,
                         sql=sql)
    for text in ("[1, 2]", "[1, 'x', true]", "['1', 0.5]", "[1]", "[01, 1]"):
        yield Vector("list of scalars", "{s: {f: " + text + "}, condition: s}", events, sql=sql)


def comparisons():
    texts = [0, 5, 4, 6, -5, -6, Raw("5.0"), Raw("5.5"), "5", "4", "10", "05", "5.5", "abc", "", "0x10", " 5",
             Raw("1e1"), "1e1", True, None, Raw("9007199254740993"), Raw("9007199254740992"), "inf", "nan",
             "12345678901234567890123", "5,5", "+5", "-"]
    events = events_of("f", texts) + [ABSENT]
    sql = "SQLite compares a text column as text and sees large integers and numbers in texts its own way"
    for number in (5, 0, -5, Raw("5.5"), Raw("5.0"), Raw("9007199254740993"), 100):
        for op in ("gt", "gte", "lt", "lte"):
            yield item("comparison", "f|" + op, number, events, sql=sql)
            yield Vector("comparison under not", {"s": {"f|" + op: number}, "condition": "not s"}, events, sql=sql)
    for op in ("gt", "lt"):
        yield item("comparison of a list", "f|" + op, [3, 5], events, sql=sql)
        yield item("comparison with all", f"f|{op}|all", [3, 5], events, sql=sql)
        yield item("comparison negated", f"f|{op}|neq", 5, events, sql=sql)
        yield item("comparison with a text", "f|" + op, "5", events, sql=sql)
        yield item("comparison with a text", "f|" + op, "five", events)
        yield item("comparison with a boolean", "f|" + op, True, events)
        yield item("comparison with null", "f|" + op, None, events)
    yield Vector("range", {"s": {"f|gte": 4, "f|lte": 6}, "condition": "s"}, events, sql=sql)


def networks():
    four = ["10.0.0.1", "10.0.0.255", "10.0.1.0", "10.255.255.255", "11.0.0.0", "9.255.255.255", "192.168.1.129",
            "192.168.1.127", "0.0.0.0", "255.255.255.255", "127.0.0.1", "10.0.0", "10.0.0.256", "10.0.0.1 ",
            "host", "", "::ffff:10.0.0.1", "::1", "010.0.0.1", "10.0.0.1/32", None]
    six = ["fe80::1", "febf::1", "fec0::1", "2001:db8::1", "2001:db8:0:1::1", "2001:DB8::A", "::", "::1", "2001:db9::",
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:0db8:0000:0000:0000:0000:0000:0001", "fe80::1%eth0",
           "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::g", "2001:db8:::1", ""]
    sql = "the SQL compares the spelling of an address with patterns"
    nets = ["10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/23", "10.0.0.1/32", "10.0.0.1", "192.168.1.128/25", "0.0.0.0/0",
            "128.0.0.0/1", "127.0.0.0/9", "255.255.255.255/32", "10.0.0.0/31", "10.0.0.0/255.0.0.0"]
    nets6 = ["fe80::/10", "2001:db8::/32", "2001:db8::/64", "::1/128", "::/0", "::1", "2001:DB8::/33", "::ffff:0:0/96",
             "2001:db8:0:0::/127"]
    for net in nets:
        for key in ("f|cidr", "f|cidr|neq"):
            yield item("cidr", key, net, events_of("f", four) + [ABSENT], sql=sql)
    for net in nets6:
        for key in ("f|cidr", "f|cidr|neq"):
            yield item("cidr", key, net, events_of("f", six) + [ABSENT], sql=sql)
    both = events_of("f", four + six)
    yield item("cidr list", "f|cidr", ["10.0.0.0/8", "fe80::/10"], both, sql=sql)
    yield item("cidr all", "f|cidr|all", ["10.0.0.0/8", "10.0.0.0/24"], both, sql=sql)
    for net in ("10.0.0.1/8", "192.168.1.129/25", "fe80::1/10"):
        yield item("cidr with host bits", "f|cidr", net, both)
    for net in ("10.0.0.0/33", "fe80::/129", "10.0.0/8", "host", "", "10.0.0.0/", "/8", "10.0.0.0/-1", "1/8", "10.*"):
        yield item("cidr malformed", "f|cidr", net, both)
    yield item("cidr of a number", "f|cidr", 10, both)
    for chain in ("contains|cidr", "cidr|contains", "cased|cidr", "cidr|cased", "cidr|cidr", "windash|cidr"):
        yield item("cidr misplaced", "f|" + chain, "10.0.0.0/8", both)


def references():
    pairs = [("alpha", "alpha"), ("alpha", "ALPHA"), ("alphabet", "alpha"), ("the alpha", "alpha"), ("alpha", "beta"),
             ("xalphax", "Alpha"), ("", ""), ("a", ""), ("", "a"), ("a*c", "abc"), ("abc", "a*c"), ("50%", "50%x"),
             ("a_c", "abc"), ("a\\b", "a\\b"), (1, 1), (1, "1"), (True, "true"), (None, None), ("a", None), ("É", "é")]
    events = [event({"f": a, "g": b}) for a, b in pairs] + [event({"f": "a"}), event({"g": "a"}), ABSENT]
    sql = "SQLite folds ASCII only and compares NULL, numbers and texts its own way"
    for chain in ("fieldref", "fieldref|startswith", "fieldref|endswith", "fieldref|contains", "fieldref|neq",
                  "neq|fieldref", "fieldref|startswith|neq", "fieldref|contains|neq", "fieldref|cased",
                  "cased|fieldref", "fieldref|endswith|cased", "contains|fieldref", "startswith|fieldref",
                  "endswith|fieldref", "fieldref|all", "fieldref|re", "fieldref|cidr", "fieldref|gt", "fieldref|exists"):
        yield item("fieldref", "f|" + chain, "g", events, sql=sql)
    yield item("fieldref list", "f|fieldref", ["g", "h"], events, sql=sql)
    yield item("fieldref list", "f|fieldref|all", ["g", "f"], events, sql=sql)
    yield item("fieldref to itself", "f|fieldref", "f", events, sql=sql)
    yield item("fieldref to nothing", "f|fieldref", "nowhere", events, sql=sql)
    for value in ("g*", "", 1, None, True, r"g\*"):
        yield item("fieldref value", "f|fieldref", value, events)
    spaced = [event({"f": "a", "g h": "a"}), event({"f": "a", "g.h": "A"}), event({"f": "a", "g": {"h": "b"}})]
    for name in ("g h", "g.h"):
        yield item("fieldref name", "f|fieldref", name, spaced, sql=sql)


PATTERNS = ["abc", "^abc", "abc$", "^abc$", "a.c", "a.*c", "a+b", "ab?c", "a{2,3}", "[a-c]x", "[^a-c]x", "(ab)+", "a|x",
            "^(a|b)c$", r"\d+", r"\w+\s\w+", r"\bcat\b", r"\.exe$", r"C:\\shop\\", r"a\*b", ".", "^$", "", ".*", "^.{3}$",
            r"(?i)abc", r"(?:ab){2}", "a.b", r"\x41", "é", "^É$", r"[\w.]+@shop", r"\$\{", "a*?c", r"^\s*$", "x{0,2}y",
            r"\/etc\/", "K", "(?s)a.b", "(?m)^b", "[[:alpha:]]+1", r"\pL", r"\Qa.c\E", "a++"]
SUBJECTS = ["abc", "ABC", "xabcx", "aXc", "a\nc", "ac", "aab", "aaaa", "bx", "dx", "abab", "x", "ac\n", "a cat sat", "cats",
            "till.exe", "TILL.EXE", r"C:\shop\till", "a*b", "aab", "", "  ", "a\nb", "b", "A", "é", "É", "me@shop", "${jndi",
            "y", "xxy", "/etc/passwd", "k", "line1\nabc", "abc\n", "12", "z1", "\u212a"]


def expressions():
    sql = "Python's $ also matches before a last line end, and it knows neither classes by name nor Perl's \\p"
    events = events_of("f", SUBJECTS) + [ABSENT, event({"f": 12}), event({"f": None})]
    for pattern in PATTERNS:
        for chain in ("re", "re|i", "re|m", "re|s"):
            yield item("re", "f|" + chain, pattern, events, sql=sql)
    for chain in ("re|i|m", "re|i|s", "re|m|s", "re|i|m|s", "re|ignorecase", "re|multiline", "re|dotall", "re|neq", "neq|re",
                  "re|contains", "re|startswith", "re|endswith", "contains|re", "i|re", "re|re", "cased|re", "re|cased",
                  "re|windash", "i", "m", "re|base64", "re|wide"):
        for pattern in ("^a.c$", "a|x"):
            yield item("re chain", "f|" + chain, pattern, events, sql=sql)
    yield item("re list", "f|re", ["^abc", "x$"], events)
    yield item("re all", "f|re|all", ["a", "c$"], events, sql=sql)
    yield item("re all", "f|re|i|all", ["^A", "C"], events)
    for pattern in ("(", "a{2", "[a", "*a", r"a\\", r"(?=a)b", r"(a)\1", r"(?<!x)y", "a{1001}", "(?P<n>a)", r"\8", "x**"):
        yield item("re unusual", "f|re", pattern, events)
    yield item("re of a number", "f|re", 12, events)


TIMES = ["2026-11-24T10:05:09Z", "2026-11-24 10:05:09", "2026-11-24T10:05:09.123456Z", "2026-11-24T23:59:59+09:00",
         "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-31T12:00:00-05:00", "2021-01-03T12:30:00Z",
         "2020-12-31T12:30:00Z", "1999-02-28T05:00:00Z", "2024-02-29T00:10:00Z", "2026-11-24", "10:05", "no time", "",
         "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "24/11/2026 10:05"]


def times():
    events = events_of("f", TIMES) + [ABSENT, event({"f": None})]
    sql = ("strftime moves a time with a zone to UTC, counts weeks %W otherwise than ISO 8601, and knows "
           "times without a date")
    wanted = {"minute": (0, 5, 30, 59), "hour": (0, 10, 12, 23), "day": (1, 24, 28, 31), "week": (1, 48, 53, 9),
              "month": (1, 2, 11, 12), "year": (1999, 2020, 2026, 2027)}
    for part, numbers in wanted.items():
        for number in numbers:
            yield item("time part", "f|" + part, number, events, sql=sql)
        for op in ("gt", "gte", "lt", "lte", "neq"):
            yield item("time comparison", f"f|{part}|{op}", numbers[1], events, sql=sql)
        yield item("time list", "f|" + part, list(numbers[:2]), events, sql=sql)
        yield item("time of a text", "f|" + part, str(numbers[1]), events, sql=sql)
        yield item("time of a word", "f|" + part, "ten", events)
        yield item("time misplaced", f"f|gt|{part}", numbers[1], events)
    for part, number in (("minute", 60), ("hour", 24), ("day", 32), ("day", 0), ("month", 13), ("month", 0),
                         ("week", 54), ("hour", -1), ("minute", Raw("1.5"))):
        yield item("time out of range", "f|" + part, number, events)


def placeholders():
    table = {"admins": ["root", "adm*"], "one": ["x"], "dots": ["a.b"], "stars": [r"\*"]}
    events = events_of("f", ["root", "ROOT", "admin", "adm", "x", "user", "%admins%", "xroot", "rootx", "a.b", "axb", "*",
                             "root-x", "admin-x", "%one%", r"\%one\%", "%one", "100%", "%", "%%", "x%", "%plainx"])
    for value in ("%admins%", "%one%", "%admins%-%one%", "pre%one%", "%one%*", "%stars%", "%dots%", "100%", "%", "%%",
                  "%one", "no placeholder", "%unknown%", "%one%%one%", r"\%one\%", "%adm*%", "%ONE%", r"\%plain%one%"):
        for chain in ("expand", "expand|contains", "contains|expand", "expand|startswith", "expand|cased"):
            yield item("expand", "f|" + chain, value, events, placeholders=table)
        yield item("without expand", "f", value, events, placeholders=table)
    yield item("expand list", "f|expand", ["%one%", "user"], events, placeholders=table)
    yield item("expand all", "f|expand|contains|all", ["%admins%", "%one%"], events, placeholders=table)


def families():
    for family in (presence, scalars, comparisons, networks, references, expressions, times, placeholders):
        yield from family()
