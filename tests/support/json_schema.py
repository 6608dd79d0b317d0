"""json_schema.py SCHEMA FILE: is the JSON file valid? A FHIR Bundle is checked entry by
entry, each against its own resource. Exit status: 0 yes, 1 no, 77 no validator here."""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    value = json.load(file)
kind = jsonschema.validators.validator_for(schema)


def errors(part):
    if "resourceType" not in part:
        return list(kind(schema).iter_errors(part))
    one = {"$ref": "#/definitions/" + part["resourceType"],
           "definitions": schema["definitions"]}
    return list(kind(one).iter_errors(part))


parts = [value]
if value.get("resourceType") == "Bundle":
    parts = [entry["resource"] for entry in value["entry"]]
    parts.append(dict(value, entry=value["entry"][:1]))
found = [error for part in parts for error in errors(part)]
for error in found[:10]:
    print(list(error.path), error.message[:200])
# a validator that lets everything pass would be no proof
if not errors(dict(parts[0], resources=7, unheard_of=[])):
    print("the validator takes anything")
    found.append(None)
sys.exit(1 if found else 0)
