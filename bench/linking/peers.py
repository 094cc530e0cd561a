"""One set through one peer; run.mjs calls it.

    peers.py PEER SET OUT ID LEFT.csv [RIGHT.csv]

Writes {seconds, megabytes, thresholds: {threshold: groups of ids}}; seconds are reading, matching and grouping, without
the start of Python. What each gets, and where that may be unfair to it:

- Splink: settings written for this bench in the style of its documentation, not copied from it, so its authors may do
  better. For sets of things, a plain set of comparisons over all columns, and no rule of one counterpart each. run.mjs
  reports the best of six thresholds for each set, which favours it.
- GoldenMatch: automatic configuration over one table; two sources are put together, not linked.
- recordlinkage: ECM classifier over Jaro-Winkler comparisons, blocked by every column.
- dedupe: supervised, so it gets up to 300 + 300 labelled pairs that the others do not get, some of which it is then
  measured on. Strings in all columns; its best of three thresholds is reported.
"""
import json, logging, os, resource, sys, time
import pandas as pd

peer, name, out, id_column, *files = sys.argv[1:]
logging.disable(logging.WARNING)


def groups_of(pairs):
    """Connected components of pairs, of two ids or more."""
    parent = {}

    def root(x):
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in pairs:
        parent[root(a)] = root(b)
    groups = {}
    for x in list(parent):
        groups.setdefault(root(x), []).append(x)
    return [group for group in groups.values() if len(group) > 1]


def read(file):
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    return frame.map(lambda value: value.strip() or None)


def splink():
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frames = [read(file) for file in files]
    columns = [c for c in frames[0].columns if c != id_column]
    if name == "historical_50k.half":
        for frame in frames:
            frame["both_names"] = frame["first_name"] + " " + frame["surname"]
        comparisons = [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="both_names"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ]
        short = "substr(postcode_fake,1,3)"
        blocks = [
            ("first_name", "surname"), ("surname", "dob"), ("first_name", "dob"), ("postcode_fake", "first_name"),
            ("postcode_fake", "surname"), ("dob", "birth_place"), (short, "dob"), (short, "first_name"),
            (short, "surname"), ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ]
        sure = [("first_name", "surname", "dob"), ("surname", "postcode_fake"), ("dob", "postcode_fake")]
        recall, train = 0.6, [("first_name", "surname"), ("dob",)]
    elif name.startswith("febrl"):
        comparisons = [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ]
        blocks = [
            ("soc_sec_id",), ("given_name",), ("surname",), ("date_of_birth",), ("postcode",), ("address_1",),
        ]
        sure = [("soc_sec_id",), ("given_name", "surname", "date_of_birth")]
        recall, train = 0.8, [("date_of_birth",), ("postcode",)]
    elif name == "fake_1000":
        comparisons = [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ]
        blocks = [("first_name",), ("surname",), ("dob",), ("email",)]
        sure = [("first_name", "surname", "dob"), ("email",)]
        recall, train = 0.7, [("first_name", "surname"), ("dob",)]
    else:
        comparisons = [
            cl.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.75]).configure(term_frequency_adjustments=True)
            for column in columns
        ]
        blocks = [(column,) for column in columns[:3]] + [(f"substr({columns[0]},1,8)",)]
        sure = [tuple(columns[:1])]
        recall, train = 0.7, [(columns[0],), (columns[1],)]
    settings = SettingsCreator(
        link_type="dedupe_only" if len(frames) == 1 else "link_only",
        unique_id_column_name=id_column,
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI()
    tables = [api.register(frame) for frame in frames]
    linker = Linker(tables if len(tables) > 1 else tables[0], settings)
    linker.training.estimate_probability_two_random_records_match([block_on(*b) for b in sure], recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for block in train:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    scored = linker.inference.predict(threshold_match_probability=0.1).as_pandas_dataframe()
    left, right = f"{id_column}_l", f"{id_column}_r"
    answers = {}
    for threshold in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        kept = scored[scored.match_probability >= threshold]
        answers[threshold] = groups_of(zip(kept[left], kept[right]))
    return answers


def goldenmatch():
    import goldenmatch as gm

    if len(files) > 1:
        frames = [pd.read_csv(file, dtype=str, keep_default_na=False) for file in files]
        together = pd.concat(frames, ignore_index=True)
    else:
        together = pd.read_csv(files[0], dtype=str, keep_default_na=False)
    together.columns = [c.strip() for c in together.columns]
    ids = list(together[id_column])
    import polars as pl

    result = gm.dedupe_df(pl.from_pandas(together), confidence_required=False, allow_red_config=True)
    members = [c["members"] for c in result.clusters.values()]
    return {"default": [[ids[i] for i in group] for group in members if len(group) > 1]}


def recordlinkage():
    import recordlinkage as rl

    frames = [read(file).set_index(id_column) for file in files]
    columns = list(frames[0].columns)
    indexer = rl.Index()
    most = [c for c in columns if frames[0][c].nunique() > 20] or columns
    for column in most:
        indexer.block(column)
    pairs = indexer.index(*frames)
    compare = rl.Compare()
    for column in columns:
        compare.string(column, column, method="jarowinkler", threshold=0.88, label=column)
    features = compare.compute(pairs, *frames)
    found = rl.ECMClassifier(binarize=0.5).fit_predict(features)
    return {"default": groups_of(found)}


def dedupe():
    import dedupe as dd

    tables = [read(file).set_index(id_column).to_dict("index") for file in files]
    with open(os.path.join(os.path.dirname(out), f"{name}.labels.json")) as file:
        labels = json.load(file)
    right = tables[-1]
    known = {
        kind: [(tables[0][a], right[b]) for a, b in pairs if a in tables[0] and b in right]
        for kind, pairs in labels.items()
    }
    columns = list(next(iter(tables[0].values())))
    fields = [dd.variables.String(column, has_missing=True) for column in columns]
    matcher = (dd.Dedupe if len(tables) == 1 else dd.RecordLink)(fields, num_cores=2, in_memory=True)
    matcher.prepare_training(*tables, sample_size=1000)
    matcher.mark_pairs(known)
    matcher.train()
    answers = {}
    for threshold in (0.3, 0.5, 0.7):
        if len(tables) == 1:
            answers[threshold] = [list(ids) for ids, _ in matcher.partition(tables[0], threshold) if len(ids) > 1]
        else:
            answers[threshold] = groups_of(pair for pair, _ in matcher.join(*tables, threshold))
    return answers


start = time.perf_counter()
answers = {"splink": splink, "goldenmatch": goldenmatch, "recordlinkage": recordlinkage, "dedupe": dedupe}[peer]()
seconds = time.perf_counter() - start
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with open(out, "w") as file:
    json.dump({"seconds": seconds, "megabytes": megabytes, "thresholds": answers}, file)
