"""Runs rules as pySigma's SQLite back end writes them: one SELECT a rule over one table, as Zircolite does.

    bench/sigma/.peers/python/bin/python bench/sigma/pysigma.py RULES EVENTS.ndjson [OUT.jsonl]

Prints rules converted, seconds to convert, load and run; writes {"rule", "line"} for every hit to OUT.
Records are flattened: nested objects by dots, lists as their JSON text, as Zircolite's tables hold them.
"""
import json, pathlib, sqlite3, sys, time
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError

rules_path, events_path = sys.argv[1:3]
start = time.process_time()
backend = sqliteBackend()
queries, failed = [], []
for file in sorted(pathlib.Path(rules_path).rglob("*.yml")):
    try:
        collection = SigmaCollection.from_yaml(file.read_text())
        for rule in collection.rules:
            for query in backend.convert_rule(rule):
                queries.append((str(rule.id), query))
    except (SigmaError, NotImplementedError, Exception) as error:  # noqa: BLE001 - a peer's failure is a result
        failed.append((file.name, f"{type(error).__name__}: {error}"[:120]))
converted = time.process_time()

def flat(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, json.dumps(value) if isinstance(value, list) else value

rows = [dict(flat(json.loads(line))) for line in open(events_path) if line.strip()]
names, lower = [], set()
for row in rows:
    for name in row:
        if name.lower() not in lower:
            lower.add(name.lower())
            names.append(name)
quote = lambda name: '"' + name.replace('"', '""') + '"'
db = sqlite3.connect(":memory:")
import re as regex
db.create_function("REGEXP", 2, lambda pattern, text: text is not None and regex.search(pattern, str(text)) is not None)
# As Zircolite does, every field some rule asks for is a column: a query that names a missing one would fail.
db.execute(f"CREATE TABLE logs (line INTEGER PRIMARY KEY, {', '.join(quote(n) + ' COLLATE NOCASE' for n in names)})")
db.executemany(
    f"INSERT INTO logs VALUES ({', '.join('?' * (len(names) + 1))})",
    ([i, *(row.get(n) for n in names)] for i, row in enumerate(rows, 1)),
)
loaded = time.process_time()

hits, broken = [], 0
for rule, query in queries:
    sql = query.replace("<TABLE_NAME>", "logs").replace("SELECT *", "SELECT line", 1)
    while True:
        try:
            hits += [(rule, line) for (line,) in db.execute(sql)]
            break
        except sqlite3.OperationalError as error:
            missing = regex.match(r"no such column: (.+)", str(error))
            if not missing:
                broken += 1
                break
            db.execute(f"ALTER TABLE logs ADD COLUMN {quote(missing.group(1).strip(chr(34) + chr(96)))}")
done = time.process_time()
if len(sys.argv) > 3:
    with open(sys.argv[3], "w") as out:
        for rule, line in hits:
            out.write(json.dumps({"rule": rule, "line": line}) + "\n")
print(json.dumps({
    "queries": len(queries), "not_converted": len(failed), "not_run": broken, "records": len(rows), "hits": len(hits),
    "convert_s": round(converted - start, 1), "load_s": round(loaded - converted, 2), "run_s": round(done - loaded, 2),
    "records_per_s": round(len(rows) / (done - loaded)),
}))
for name, error in failed[:5]:
    print(" ", name, error, file=sys.stderr)
