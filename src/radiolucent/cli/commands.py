"""Every command in one line each, in the order of the data's path; static, so that `--help` imports nothing slow."""

COMMANDS = {
    "convert": "Bring scans from one form into another without losing their place",
    "deid": "Take out of files what identifies a person, and say what remains",
    "index": "List a whole export, one row an image, and join it with a table of outcomes",
    "check": "Say what is wrong with scans before anything is computed on them",
    "process": "Change a picture: smooth, window, resample and more",
    "segment": "Find regions in a picture and write them as a mask",
    "measure": "Turn a picture, or a region of it, into numbers",
    "recognise": "Say what a picture shows, and find things in it",
    "reason": "Conclude: what guidelines say of measurements, what the graph knows, what reports state",
    "learn": "Learn from a cohort of images and a table, and write an audited study",
    "generate": "Learn to draw pictures like a cohort's, judge them, and write them marked as synthetic",
    "anomaly": "Learn what normal pictures look like, and score how unlike them others are",
    "predict": "Apply a saved model to new images",
    "export": "Write a saved net as an ONNX file that other programs run",
    "evaluate": "Audit anyone's predictions from a table",
    "run": "Run a plan of operations on a case, or a history again",
    "audit-log": "Verify the log of who did what, when, and what came of it",
    "ops": "List all operations with their parameters and units",
    "demo": "Run the main job on a phantom cohort whose truth is known",
}

GENERATED = ("process", "segment", "measure", "recognise", "reason")
"""Stages whose commands are made from the operations' signatures."""

FURTHER = {"recognise": "recognise", "reason": "rules"}
"""Stages with commands besides those, and the file that has them."""
