# SPDX-License-Identifier: Apache-2.0
"""Where Catena reads the specification otherwise than pySigma does, each with the reason, and the
answer that follows. The rule is rewritten by this reading into one that pySigma takes as it is
meant, then evaluated by the same condition tree: no answer of Catena itself is copied.
"""
import ipaddress
import itertools
import re

import condition_tree
import yaml
from sigma.exceptions import SigmaError
from sigma.modifiers import (
    SigmaBase64Modifier,
    SigmaBase64OffsetModifier,
    SigmaCaseSensitiveModifier,
    SigmaExpandModifier,
    SigmaUTF16BEModifier,
    SigmaUTF16Modifier,
    SigmaValueModifier,
    SigmaWideModifier,
    SigmaWindowsDashModifier,
    modifier_mapping,
)
from sigma.rule import SigmaRule
from sigma.types import (
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNumber,
    SigmaString,
)

# mark: (the specification's words, our own; its section)
REASONS = {
    "written": ("every value is a text without case, so a number, date or word stands for what was written "
                "(YAML 1.2), and goes with every modifier that takes a text", "Rules, General"),
    "exact": ("a field is less or greater than the value itself; integers are not rounded to doubles",
              "Modifiers, Numeric"),
    "all": ("one value alone must not have the modifier all", "Modifiers, Generic"),
    "utf16le": ("utf16le is a modifier; wide is another name for it", "Modifiers, Encoding"),
    "beyond ascii": ("the value is encoded to UTF-16, whatever its letters", "Modifiers, Encoding"),
    "short": ("only the part between first and last byte is static: a value of one byte has none, and what is "
              "left would match everything", "Modifiers, Encoding"),
    "dashes": ("all possible permutations are created, without a bound of three", "Modifiers, String"),
    "order": ("all and neq concern the list, so they may stand anywhere among the modifiers", "Modifiers, Generic"),
    "fieldref": ("fieldref makes the value a field name; the generic modifiers go with all types of fields, in any order",
                 "Modifiers, Specific and Generic"),
    "no field": ("a field reference names a field", "Modifiers, Specific"),
    "cased": ("cased makes the comparison sensitive, of whatever it compares", "Modifiers, Generic"),
    "host bits": ("the network is the one that the address and the length say", "Modifiers, IP"),
    "net mask": ("the value is a CIDR network, an address and a length", "Modifiers, IP"),
    "mapped": ("both notations are supported, and the mapped one names an IPv4 address", "Modifiers, IP"),
    "null in a list": ("null cannot be part of a list of values", "Rules, Special Field Values"),
    "empty list": ("a missing value is written null; a list of nothing says nothing", "Rules, Lists"),
    "list in a list": ("a list holds values or maps", "Rules, Lists"),
    "empty keyword": ("a keyword is searched in the whole event, where an empty one always is", "Rules, Keywords search"),
    "keyword ends": ("startswith and endswith ask for a place in a field's content, for a keyword in any of them",
                     "Modifiers, Generic"),
    "empty expression": ("an expression that matches everything tests nothing", "Modifiers, Regular Expression"),
    "expression ends": ("the beginning and the end are written with the anchors of the expression",
                        "Modifiers, Regular Expression"),
    "range": ("the number lies within the bounds that are given for the part", "Modifiers, Time"),
    "placeholder": ("values of a placeholder are linked by or, also under all", "Rules, Placeholders"),
    "percent": ("a plain percent sign is escaped by a backslash", "Rules, Placeholders"),
    "words": ("or, and, not, of are operators in any case, as rules in the wild have them", "Rules, Condition"),
    "count": ("as 1 of, with a count: an extension", "Rules, Condition"),
    "timeframe": ("timeframe went with the aggregations; correlations replace both", "Correlation, Expression Of Relationships"),
    "anchor": ("rules are plain YAML; anchors and aliases are no part of it", "Rules, Yaml File"),
    "twice": ("a mapping of YAML has a key once", "Rules, Yaml File"),
    "no name": ("a field has a name; keywords are a list", "Rules, Keywords search"),
    "key": ("field names are texts, whatever YAML would make of them", "Rules, Field Usage"),
}
TIME_RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "week": (1, 53), "month": (1, 12), "year": (0, 9999)}
COMPARISONS = ("gt", "gte", "lt", "lte")
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
NAMES = re.compile(r"[^\s()|]+|[()|]")


class Refused(Exception):
    """Catena refuses the rule; `mark` says why, None when pySigma does the same."""

    def __init__(self, mark=None):
        super().__init__(mark)
        self.mark = mark


class Written(str):
    """A plain scalar that YAML 1.1 takes for something else than a text."""


class Yaml12(yaml.SafeLoader):
    """Plain scalars are texts, but for null and booleans of the core schema; keys are unique."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise Refused("twice")
        return super().construct_mapping(node, deep)


def written(loader, node):
    if node.value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return node.value.lower() == "true"
    if node.value in ("", "~", "null", "Null", "NULL"):
        return None
    return Written(node.value)


for kind in ("int", "float", "bool", "null", "timestamp"):
    Yaml12.add_constructor(f"tag:yaml.org,2002:{kind}", written)


def bytes_text(data):
    return data.decode("utf-8", "surrogateescape")


def wide(codec, mark=b""):
    """A modifier to UTF-16 that takes every letter."""
    class Wide(SigmaValueModifier[SigmaString, SigmaString]):
        def modify(self, val: SigmaString) -> SigmaString:
            out = SigmaString()
            out.s = [bytes_text(mark)] if mark else []
            for part in val.s:
                if isinstance(part, str) and not part.isascii():
                    condition_tree.NOTES.add("beyond ascii")
                out.s.append(bytes_text(part.encode(codec)) if isinstance(part, str) else part)
            return out._merge_strs()
    return Wide


def plain_bytes(val):
    if val.contains_special():
        raise Refused()
    return "".join(val.s).encode("utf-8", "surrogateescape")


class Base64(SigmaBase64Modifier):
    def modify(self, val: SigmaString) -> SigmaString:
        import base64
        return SigmaString(base64.b64encode(plain_bytes(val)).decode())


class Base64Offset(SigmaBase64OffsetModifier):
    def modify(self, val: SigmaString) -> SigmaExpansion:
        import base64
        data = plain_bytes(val)
        found = []
        for shift in range(3):
            whole = base64.b64encode(b" " * shift + data).decode()
            # Characters that also hold bits of a neighbour are no part of the value.
            first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
            if last <= first:
                raise Refused("short")
            found.append(SigmaString(whole[first:last]))
        return SigmaExpansion(found)


class WindowsDash(SigmaWindowsDashModifier):
    max_expanded_dashes = 4

    def modify(self, val: SigmaString) -> SigmaExpansion:
        if sum(len(re.findall(r"\B[-/]\b", part)) for part in val.s if isinstance(part, str)) > 3:
            condition_tree.NOTES.add("dashes")
        return super().modify(val)


class CasedReference(SigmaValueModifier[SigmaFieldReference, SigmaFieldReference]):
    def modify(self, val: SigmaFieldReference) -> SigmaFieldReference:
        val.cased = True
        return val


REPLACED = {"wide": wide("utf-16-le"), "utf16be": wide("utf-16-be"), "utf16": wide("utf-16-le", b"\xff\xfe"),
            "base64": Base64, "base64offset": Base64Offset, "windash": WindowsDash,
            "cased reference": CasedReference}
assert {"wide": SigmaWideModifier, "utf16be": SigmaUTF16BEModifier, "utf16": SigmaUTF16Modifier}.items() <= modifier_mapping.items()


def text_of(value):
    return ("true" if value else "false") if isinstance(value, bool) else value


class Rewriter:
    """One rule by our reading: a detection for pySigma, and marks of what it was rewritten for."""

    def __init__(self):
        self.marks = set()

    def detection(self, text):
        if any(isinstance(token, (yaml.AnchorToken, yaml.AliasToken)) for token in yaml.scan(text)):
            raise Refused("anchor")
        loaded = yaml.load(text, Yaml12)
        if not isinstance(loaded, dict):
            raise Refused()
        if "timeframe" in loaded:
            raise Refused("timeframe")
        out = {}
        for name, value in loaded.items():
            if not isinstance(name, str) or isinstance(name, Written):
                self.marks.add("key")
                name = str(text_of(name))
            out[name] = self.condition(value, list(loaded)) if name == "condition" else self.search(value)
        return out

    def search(self, value):
        if isinstance(value, dict):
            return self.items(value)
        if not isinstance(value, list):
            return self.keyword(value)
        if not value:
            raise Refused("empty list")
        out = []
        for inner in value:
            if isinstance(inner, list):
                raise Refused("list in a list")
            out.append(self.items(inner) if isinstance(inner, dict) else self.keyword(inner))
        return out

    def keyword(self, value):
        if value is None:
            raise Refused("null in a list")
        if value == "":
            raise Refused("empty keyword")
        return self.value(value)

    def value(self, value):
        """A value for everything but comparisons: its text."""
        if isinstance(value, Written):
            self.marks.add("written")
            return str(value)
        return value

    def items(self, mapping):
        if not mapping:
            raise Refused()
        out = {}
        for key, value in mapping.items():
            if not isinstance(key, str) or isinstance(key, Written):
                self.marks.add("key")
                key = str(text_of(key))
            field, *modifiers = key.split("|")
            if not field and not modifiers:
                raise Refused("no name")
            new_key, new_value = self.item(field, modifiers, value)
            if new_key in out:
                raise AssertionError(f"'{new_key}' is there twice after rewriting")
            out[new_key] = new_value
        return out

    def item(self, field, modifiers, value):
        values = value if isinstance(value, list) else [value]
        if isinstance(value, dict) or any(isinstance(v, (dict, list)) for v in values):
            raise Refused()
        if isinstance(value, list) and None in values:
            raise Refused("null in a list")
        if not values:
            raise Refused("empty list")
        if "all" in modifiers and len(values) < 2:
            raise Refused("all")
        modifiers = self.modifiers(modifiers)
        if "fieldref" in modifiers:
            values = [self.reference(v) for v in values]
        elif modifiers and modifiers[0] in (*COMPARISONS, *TIME_RANGES):
            values = [self.number(modifiers[0], v) for v in values]
        elif modifiers and modifiers[0] == "exists":
            values = [self.truth(v) for v in values]
        else:
            values = [self.text(field, modifiers, v) for v in values]
        key = "|".join([field, *modifiers])
        return key, values if isinstance(value, list) else values[0]

    def modifiers(self, modifiers):
        out = [m for m in modifiers if m not in ("all", "neq")]
        out += [m for m in modifiers if m in ("all", "neq")]
        if out != modifiers:
            self.marks.add("order")
        if "utf16le" in out:
            self.marks.add("utf16le")
            out = ["wide" if m == "utf16le" else m for m in out]
        if "fieldref" in out:
            if out[0] != "fieldref" or "cased" in out:
                self.marks.add("fieldref")
            out = ["fieldref"] + ["cased reference" if m == "cased" else m for m in out if m != "fieldref"]
        if out[:1] == ["re"]:
            if "cased" in out:
                self.marks.add("cased")
                out.remove("cased")
            if "startswith" in out or "endswith" in out:
                raise Refused("expression ends")
        return out

    def reference(self, value):
        if value is None:
            raise Refused()
        if value == "":
            raise Refused("no field")
        if isinstance(value, (Written, bool)):
            self.marks.add("key")
        return str(text_of(value))

    def number(self, modifier, value):
        if not isinstance(value, str) or not DECIMAL.fullmatch(value):
            raise Refused()
        if not isinstance(value, Written):
            self.marks.add("written")
        number = int(value) if re.fullmatch(r"[+-]?\d+", value) else float(value)
        if modifier in TIME_RANGES:
            low, high = TIME_RANGES[modifier]
            if not isinstance(number, int) or not low <= number <= high:
                raise Refused("range")
        elif number != float(value):
            self.marks.add("exact")
        return number

    def truth(self, value):
        if isinstance(value, str) and value.lower() in ("true", "false"):
            self.marks.add("written")
            return value.lower() == "true"
        return value

    def text(self, field, modifiers, value):
        if modifiers and isinstance(value, bool):
            self.marks.add("written")
            value = text_of(value)
        if modifiers[:1] == ["re"] and value == "":
            raise Refused("empty expression")
        if modifiers[:1] == ["cidr"] and isinstance(value, str):
            if re.search(r"/.*\.", value):
                raise Refused("net mask")
            try:
                network = str(ipaddress.ip_network(value, strict=False))
            except ValueError:
                raise Refused() from None
            if network != str(value):
                self.marks.add("host bits")
            return network
        if not field and value == "" and not {"startswith", "endswith"} & set(modifiers):
            raise Refused("empty keyword")
        return self.value(value)

    def condition(self, value, names):
        if isinstance(value, list):
            if not value:
                raise Refused()
            if any(isinstance(v, list) for v in value):
                raise Refused()
            return [self.condition(v, names) for v in value]
        if not isinstance(value, str):
            raise Refused()
        return self.operators(str(value), names)

    def operators(self, text, names):
        tokens = NAMES.findall(text)
        for i, token in enumerate(tokens):
            lower = token.lower()
            if lower == token:
                continue
            if lower in ("and", "or", "not", "of", "them") or (tokens[i + 1:i + 2] and tokens[i + 1].lower() == "of"):
                self.marks.add("words")
                tokens[i] = lower
        out = []
        while tokens:
            if re.fullmatch(r"\d+", tokens[0]) and tokens[1:2] == ["of"] and tokens[0] != "1":
                out.append(self.counted(int(tokens[0]), tokens[2] if len(tokens) > 2 else "", names))
                del tokens[:3]
            else:
                out.append(tokens.pop(0))
        return " ".join(out)

    def counted(self, count, pattern, names):
        chosen = [n for n in names if n != "condition" and not n.startswith("_")
                  and (pattern == "them" or re.fullmatch(pattern.replace("*", ".*"), n))]
        if count == 0 or count > len(chosen):
            raise Refused()
        self.marks.add("count")
        return "(" + " or ".join("(" + " and ".join(c) + ")" for c in itertools.combinations(chosen, count)) + ")"


def each_item(detection):
    for item in detection.detection_items:
        if hasattr(item, "detection_items"):
            yield from each_item(item)
        else:
            yield item


def placeholder_values(value, table, marks):
    """What |expand makes of one text; a backslash takes a percent sign its meaning."""
    out = [SigmaString()]
    for part in value.s:
        pieces = re.findall(r"\\%|%[^%\\]+%|.", part, re.DOTALL) if isinstance(part, str) else [part]
        for piece in pieces:
            if piece == "\\%":
                marks.add("percent")
                choices = ["%"]
            elif isinstance(piece, str) and len(piece) > 2 and piece[0] == piece[-1] == "%":
                if piece[1:-1] not in (table or {}):
                    raise Refused()
                choices = [SigmaString(v) for v in table[piece[1:-1]]]
            else:
                choices = [piece]
            out = [text + choice for text in out for choice in choices]
    return out


def mark_item(item, marks):
    """Puts into the values of an item what pySigma has no place for."""
    for value in item.value:
        if isinstance(value, SigmaCIDRExpression):
            value.mapped = True
        if item.field is None and isinstance(value, SigmaString):
            names = {m.__name__ for m in item.modifiers}
            value.anchored = bool(names & {"SigmaStartswithModifier", "SigmaEndswithModifier", "SigmaContainsModifier"})
            if value.anchored:
                marks.add("keyword ends")


def expand_item(item, table, marks):
    if SigmaExpandModifier not in item.modifiers:
        return
    cased = SigmaCaseSensitiveModifier in item.modifiers
    for i, value in enumerate(item.value):
        if isinstance(value, SigmaString):
            expanded = placeholder_values(unexpanded(value), table, marks)
            if cased:
                marks.add("cased")
                expanded = [SigmaCasedString.from_sigma_string(v) for v in expanded]
            if len(item.value) > 1:
                marks.add("placeholder")
            item.value[i] = SigmaExpansion(expanded)


def unexpanded(value):
    out = SigmaString()
    out.s = [part if not hasattr(part, "name") or isinstance(part, condition_tree.SpecialChars) else f"%{part.name}%"
             for part in value.s]
    return out._merge_strs()


class ExactNumber(SigmaNumber):
    """A number that keeps an integer as it is."""

    def __post_init__(self, init_number):
        super().__post_init__(init_number)
        if isinstance(init_number, int):
            self.number = init_number


def answer(vector):
    """(indices or "refused", marks): our reading of a vector."""
    rewriter = Rewriter()
    condition_tree.NOTES.clear()
    kept = dict(modifier_mapping)
    modifier_mapping.update(REPLACED)
    from sigma import types
    types.type_map[int] = ExactNumber
    SigmaString.max_placeholder_expansions = 1000
    try:
        rule = SigmaRule.from_dict({"title": "vector", "logsource": {"product": "linux"},
                                    "detection": rewriter.detection(vector.detection)})
        for detection in rule.detection.detections.values():
            for item in each_item(detection):
                expand_item(item, vector.placeholders, rewriter.marks)
                mark_item(item, rewriter.marks)
        return condition_tree.matches(rule, vector.events), rewriter.marks | condition_tree.NOTES
    except Refused as refused:
        return "refused", {refused.mark} - {None}
    except (SigmaError, yaml.YAMLError, NotImplementedError):
        return "refused", set()
    finally:
        modifier_mapping.clear()
        modifier_mapping.update(kept)
        types.type_map[int] = SigmaNumber
        SigmaString.max_placeholder_expansions = 200
