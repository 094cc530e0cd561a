"""Documents through one peer; run.mjs calls it.

    peers.py PEER DOCUMENTS.ndjson OUT '{"settings": …}' [ADVERTS.ndjson]

Writes OUT.pairs (a line each: id, id, score, by tabs) and OUT.json {seconds, cpu, megabytes, documents}; seconds and
CPU seconds are from opening the file to the last pair, without the start of Python. Shingles of adverts, if given, are left out.

- datasketch: MinHashLSH over word shingles of the whole document; candidates scored by the Jaccard index or the
  containment that their signatures estimate. Hashed with xxhash, which is quicker than the default.
- datasketch-lines: our own use of it. Each line of six words or more has a signature; a line that more than `owners`
  documents have counts for nothing; two documents score the number of lines that match.
- text-dedup: its command as it is; all pairs within a cluster are its answer. Memory is that of its largest process.
"""
import json, re, resource, sys, time
from itertools import combinations

peer, documents, out, settings, *adverts = sys.argv[1:]
settings = json.loads(settings)
WORD = re.compile(r"\w+")


def words(text):
    return WORD.findall(text.lower())


def shingles(tokens, size):
    if len(tokens) < size:
        return {" ".join(tokens).encode()} if tokens else set()
    return {" ".join(tokens[i : i + size]).encode() for i in range(len(tokens) - size + 1)}


def read():
    with open(documents, encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            yield one["id"], one["text"]


def common(size):
    found = set()
    for file in adverts:
        for line in open(file, encoding="utf-8"):
            for part in json.loads(line).split("\n"):
                found |= shingles(words(part), size)
    return found


def signature(tokens, size, perm, known):
    import xxhash
    from datasketch import MinHash

    made = MinHash(num_perm=perm, hashfunc=xxhash.xxh32_intdigest)
    parts = shingles(tokens, size) - known
    if parts:
        made.update_batch(list(parts))
    return made, len(parts)


def datasketch(write):
    from datasketch import LeanMinHash, MinHashLSH

    size, perm = settings["shingle"], settings["perm"]
    known = common(size)
    lsh = MinHashLSH(threshold=settings["lsh"], num_perm=perm)
    made = {}
    for id, text in read():
        mark, length = signature(words(text), size, perm, known)
        if length == 0:
            continue
        lean = LeanMinHash(mark)
        for other in lsh.query(lean):
            there, far = made[other]
            score = there.jaccard(lean)
            if settings["score"] == "containment":
                score = score * (far + length) / (1 + score) / min(far, length)
            if score > 0:
                write(id, other, score)
        lsh.insert(id, lean, check_duplication=False)
        made[id] = (lean, length)
    return len(made)


def lines_of(text):
    """Lines of six words or more; one that goes on in lower case is put together again."""
    whole = []
    for line in text.split("\n"):
        if whole and len(whole[-1]) > 60 and re.match(r"[a-z0-9(]", line):
            whole[-1] += " " + line
        else:
            whole.append(line)
    return [tokens for tokens in map(words, whole) if len(tokens) >= 6]


def datasketch_lines(write):
    from collections import Counter
    from datasketch import LeanMinHash, MinHashLSH

    size, perm = settings["shingle"], settings["perm"]
    known = common(size)
    lsh = MinHashLSH(threshold=settings["lsh"], num_perm=perm)
    made, owner = [], []
    seen = 0
    for id, text in read():
        seen += 1
        for tokens in lines_of(text):
            mark, length = signature(tokens, size, perm, known)
            if length < 3:
                continue
            lean = LeanMinHash(mark)
            lsh.insert(len(made), lean, check_duplication=False)
            made.append(lean)
            owner.append(id)
    pairs = Counter()
    for n, mark in enumerate(made):
        alike = {owner[m] for m in lsh.query(mark) if made[m].jaccard(mark) >= settings["lsh"]} - {owner[n]}
        if 0 < len(alike) < settings["owners"]:
            for other in alike:
                pairs[min(owner[n], other), max(owner[n], other)] += 0.5
    for (a, b), count in pairs.items():
        write(a, b, count)
    return seen


def text_dedup(write):
    import os, pickle, shutil, subprocess

    work = out + ".work"
    shutil.rmtree(work, ignore_errors=True)
    command = [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", documents, "--split", "train"]
    command += ["--cache_dir", work + "/cache", "--output", work + "/out", "--column", "text", "--idx_column", "id", "--debug"]
    command += ["--ngram", str(settings["shingle"]), "--threshold", str(settings["lsh"]), "--num_perm", str(settings["perm"])]
    command += ["--hash_func", "xxh3", "--hash_bits", "32", "--batch_size", "10000"]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HF_HOME": work + "/home", "HF_HUB_OFFLINE": "1"})
    if ran.returncode != 0:
        raise SystemExit(ran.stderr[-2000:])
    with open(work + "/out/uf.pkl", "rb") as file:
        union = pickle.load(file)
    clusters = {}
    parents = getattr(union, "parent", union)
    for member in parents:
        root = member
        while parents[root] != root:
            root = parents[root]
        clusters.setdefault(root, []).append(member)
    shutil.rmtree(work, ignore_errors=True)
    ids = [id for id, _ in read()]
    for members in clusters.values():
        named = sorted(m if isinstance(m, str) else ids[m] for m in members)
        if len(named) > settings.get("largest", 2000):
            named = named[: settings.get("largest", 2000)]
        for a, b in combinations(named, 2):
            write(a, b, 1)
    return len(ids)


def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


started, cpu_before = time.time(), cpu()
with open(out + ".pairs", "w", encoding="utf-8") as file:

    def write(a, b, score):
        file.write(f"{a}\t{b}\t{score:.5f}\n")

    count = {"datasketch": datasketch, "datasketch-lines": datasketch_lines, "text-dedup": text_dedup}[peer](write)
seconds = time.time() - started
megabytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
with open(out + ".json", "w") as file:
    json.dump({"seconds": seconds, "cpu": cpu() - cpu_before, "megabytes": megabytes, "documents": count}, file)
