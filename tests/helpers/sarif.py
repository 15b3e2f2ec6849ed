"""The part of SARIF 2.1.0 that ``check`` and ``lint`` write, as a JSON schema.

Source:
    OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.13 to 3.58: the names of the
    properties, those that must be there, and the values of enumerations.
"""


def _object(required, **properties):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def _array(items, **more):
    return {"type": "array", "items": items, **more}


_TEXT = {"type": "string", "minLength": 1}
_MESSAGE = _object("text", text=_TEXT)
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_ARTIFACT = _object("uri", uri={"type": "string", "minLength": 1, "pattern": r"^[A-Za-z0-9._~%/:-]+$"})
_COUNT = {"type": "integer", "minimum": 1}
_REGION = _object("startLine", startLine=_COUNT, startColumn=_COUNT, endLine=_COUNT, endColumn=_COUNT)
_PHYSICAL = _object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION)  # a config has no region
_LOGICAL = _object("fullyQualifiedName", fullyQualifiedName=_TEXT, kind={"enum": ["value", "member"]})
_LOCATION = _object("physicalLocation", physicalLocation=_PHYSICAL, logicalLocations=_array(_LOGICAL, minItems=1))
_ADVISORIES = _array({"type": "string", "pattern": "^(CVE|GHSA)-"}, minItems=1)
_RULE = _object(
    "id shortDescription fullDescription help defaultConfiguration",
    id={"type": "string", "pattern": "^SA[0-9]{3}$"},
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object("level", level=_LEVEL),
    properties=_object("tags", tags=_array(_TEXT, uniqueItems=True), repair=_TEXT, advisories=_ADVISORIES),
)
_RESULT = _object(
    "ruleId ruleIndex level message locations partialFingerprints",
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_MESSAGE,
    locations=_array(_LOCATION, minItems=1, maxItems=1),
    partialFingerprints={"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
    properties=_object("advisories", advisories=_ADVISORIES),
)
_NOTE = _object("message", message=_MESSAGE, level=_LEVEL, locations=_array(_LOCATION))
_RUN = _object(
    "tool results",
    tool=_object("driver", driver=_object("name", name=_TEXT, version=_TEXT, rules=_array(_RULE, uniqueItems=True))),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=_array(
        _object(
            "executionSuccessful", executionSuccessful={"type": "boolean"}, toolExecutionNotifications=_array(_NOTE)
        )
    ),
    results=_array(_RESULT),
)

SCHEMA = _object(
    "version runs",
    **{"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"}, "runs": _array(_RUN, minItems=1)},
)
