"""Calls of commands that end in an error, and what each of its cures changes."""

REPAIR = "$ repair lambda.keras -o repaired.keras --replace '<lambda>=keras.activations.relu'"


def replace(new, more=""):
    """Return the command that writes *new* for the lambda of a model; what it computes is a relu."""
    return f"$ repair lambda.keras -o repaired.keras{more} --replace '<lambda>={new}'"


# A file of settings and, after the $, a command that ends in an error; and, by what that says, what is changed in them.
CASES = {
    "a replacement without sides": (
        "ExpressionError",
        "$ repair lambda.keras -o repaired.keras --replace relu",
        {r"Write ('<lambda>=[\w.]+')": (" relu", r" \1")},
    ),
    "no expression": (
        "ExpressionError",
        replace("relu("),
        {
            r"Write a name \(gelu\)": ("relu(", "relu"),
            r"or a call \((.*)\)\.": ("relu(", r"\1"),
        },
    ),
    "neither a name nor a call": (
        "ExpressionError",
        replace("relu[0]"),
        {
            r"Write a name \(gelu\)": ("relu[0]", "relu"),
            r"or a call \((.*)\)\.": ("relu[0]", r"\1"),
        },
    ),
    "arguments by position": (
        "ExpressionError",
        replace("keras.activations.relu(0.0)"),
        {r"must all be given by keyword": ("(0.0)", "(negative_slope=0.0)")},
    ),
    "no literal": (
        "ExpressionError",
        replace("keras.activations.relu(max_value=most)"),
        {"Keywords are numbers": ("most", "1000.0"), "strings, bools and (None)": ("most", r"\1")},
    ),
    "keywords that stock Keras does not store": (
        "ExpressionError",
        replace("keras.activations.relu(max_value=1000.0)", " --target-keras 3.9.2"),
        {
            r"Give --target-keras (3\.10[.0-9]*) or newer": ("3.9.2", r"\1"),
            "or a name without keywords": ("(max_value=1000.0)", ""),
            "or add (--with-serialactivation) to a function": (" --replace", r" \1 --replace"),
        },
    ),
    "no activation": (
        "ExpressionError",
        replace("keras.activations.reluu"),
        {
            r"Name an activation of (keras\.activations)": ("keras.activations.reluu", r"\1.relu"),
            r"or (keras\.ops)": ("keras.activations.reluu", r"\1.relu"),
            r"one of (ReLU), LeakyReLU, ELU, Softmax": ("keras.activations.reluu", r"keras.layers.\1()"),
        },
    ),
    "an activation of a newer Keras": (
        "ExpressionError",
        replace("keras.activations.sparse_plus", " --target-keras 3.6"),
        {r"Give --target-keras ([.0-9]+) or newer": ("3.6", r"\1")},
    ),
    "a keyword that is needed": (
        "ExpressionError",
        replace("keras.activations.threshold", " --with-serialactivation"),
        {r"needs (\w+), (\w+)\.\nGive each by keyword": ("threshold'", r"threshold(\1=0.0, \2=0.0)'")},
    ),
    "a negative value": (
        "ExpressionError",
        replace("keras.layers.ReLU(max_value=-1000.0)"),
        {"None of them may be negative": ("-1000.0", "1000.0")},
    ),
    "a keyword of Keras 2": (
        "ExpressionError",
        replace("keras.activations.leaky_relu(alpha=0.0)"),
        {r"Keras 3 calls it (\w+)": ("alpha", r"\1")},
    ),
    "a value of another type": (
        "ExpressionError",
        replace("keras.activations.relu(negative_slope=[])"),
        {r"The default is ([.0-9]+)\.": ("[]", r"\1")},
    ),
    "a file that is there": (
        "RepairError",
        REPAIR.replace("repaired.keras", "stands.keras"),
        {"Give another path": ("stands.keras", "repaired.keras")},
    ),
    "nothing that matches": (
        "RepairError",
        REPAIR.replace("<lambda>", "gelu"),
        {r"It holds: (<lambda>)": ("gelu", r"\1")},
    ),
    "two lambdas": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambdas.keras"),
        {
            r"Give each by its path: (\S+), (\S+)\.\n": (
                "'<lambda>=keras.activations.relu'",
                r"'\1=keras.activations.relu' --replace '\2=keras.activations.relu'",
            )
        },
    ),
    "weights alone": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambda.weights.h5"),
        {
            r"Pass a (\.keras)": (".weights.h5", r"\1"),
            "or an HDF5 file with a whole model": (".weights.h5 -o repaired.keras", ".h5 -o repaired.h5"),
        },
    ),
    "a name of the other format": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambda.h5"),
        {r"Give a path that ends in (\.h5)": ("repaired.keras", r"repaired\1")},
    ),
    "no folder": (
        "RepairError",
        REPAIR.replace("repaired.keras", "nowhere/repaired.keras"),
        {"Give a path in a folder that you can write to": ("nowhere/", "")},
    ),
    "a file that is damaged where its groups are listed": (
        "ArchiveError",
        "$ repair damaged.h5 -o repaired.h5 --target-keras 3.6 --partial",
        {
            "Save the model again": ("damaged.h5", "good.h5"),
            "or copy the file again from where it came from": ("damaged.h5", "good.h5"),
        },
    ),
    "no table for the command": (
        "SettingsError",
        "[tool.other]\n$ check --config pyproject.toml good.keras",
        {
            r"it has no table (\[tool\.serialactivation\.check\]); write that": ("[tool.other]", r"\1"),
            "or pass (--no-config)": ("--config pyproject.toml", r"\1"),
        },
    ),
    "settings that cannot be read": (
        "SettingsError",
        "[tool.serialactivation.check]\n$ check --config nowhere.toml good.keras",
        {
            "give the path of one that can be": ("nowhere.toml", "pyproject.toml"),
            "or pass (--no-config)": ("--config nowhere.toml", r"\1"),
        },
    ),
    "no TOML": (
        "SettingsError",
        "serialactivation = [\n$ check good.keras",
        {"correct it": ("[", "[]"), "or pass (--no-config)": ("check ", r"check \1 ")},
    ),
    "no table": (
        "SettingsError",
        "[tool.serialactivation]\ncheck = 'all'\n$ check good.keras",
        {r"write (\[tool\.serialactivation\.check\])": ("[tool.serialactivation]\ncheck = 'all'", r"\1")},
    ),
    "a key that is not there": (
        "SettingsError",
        "[tool.serialactivation.check]\nfail_on = 'note'\n$ check good.keras",
        {r"its keys are .*(fail-on)": ("fail_on", r"\1")},
    ),
    "a value that is not there": (
        "SettingsError",
        "[tool.serialactivation.check]\nfail-on = 'notes'\n$ check good.keras",
        {r"it must be one of (note)": ("notes", r"\1")},
    ),
    "a source that is too long": (
        "SourceError",
        "$ lint --limit source_bytes=5 good.py",
        {r"raise that limit with (--limit source_bytes=)NUMBER": ("--limit source_bytes=5", r"\g<1>5000")},
    ),
    "no Python": (
        "SourceError",
        "$ lint .",
        {r"or skip it with (--exclude)": ("lint .", r"lint . \1 bad.py")},
    ),
    "a file that is too large": (
        "ArchiveError",
        "$ check --limit config_bytes=20 good.keras",
        {r"raise that limit with (--limit config_bytes=)NUMBER": ("--limit config_bytes=20", r"\g<1>200000")},
    ),
    "no model": (
        "ArchiveError",
        "$ check good.py",
        {r"Pass a (\.keras)": (".py", r"\1"), r"(\.h5)": (".py", r"\1"), r"or (\.weights\.h5)": (".py", r"\1")},
    ),
}
