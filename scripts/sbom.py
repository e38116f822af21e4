#!/usr/bin/env python3
"""Write the bill of materials of a built checkout as CycloneDX 1.6, and check it.

    sbom.py [--program .build/release/firserver] [--output .build/firserver.cdx.json]

It names the Swift packages that were resolved, with the licences that their checkouts hold; Debian's packages that the
program is linked with or starts; OpenVINO; the models with their sums; and, as excluded from the program, the pinned
Python packages of set-up and tests. The bill is checked against CycloneDX's schema, Package.swift (only exact versions)
and docs/third-party.md (the same licences, and the versions that Package.swift asks for). The exit status is 1 when anything disagrees.

Needs the environment .deps/sbom (scripts/setup sbom). The same checkout makes the same bill: SOURCE_DATE_EPOCH, or the
time of the last commit, is its time.
"""

import argparse
import datetime
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = ROOT / ".deps/models"

APACHE = "Apache-2.0"
APACHE_SWIFT = "Apache-2.0 WITH Swift-exception"

# What packages carry inside of them, without a version of its own.
CARRIED = {
    "swift-crypto": [("BoringSSL", "ISC AND OpenSSL")],
    "swift-nio-ssl": [("BoringSSL", "ISC AND OpenSSL")],
    "swift-nio": [("llhttp", "MIT")],
    "openvino": [("oneDNN", APACHE), ("oneTBB", APACHE), ("hwloc", "BSD-3-Clause")],
}
DEBIAN_LICENCES = {
    "libturbojpeg0": "IJG AND BSD-3-Clause AND Zlib",
    "libjpeg62-turbo": "IJG AND BSD-3-Clause AND Zlib",
    "libspng0": "BSD-2-Clause AND libpng-2.0",
    "libopenblas0-pthread": "BSD-3-Clause",
    "libpq5": "PostgreSQL",
    "postgresql-15": "PostgreSQL",
}
MODEL_LICENCES = {
    "face_detection_yunet_2023mar.onnx": "MIT",
    "face_detection_yunet_2023mar.safetensors": "MIT",
    "face_recognition_sface_2021dec.onnx": APACHE,
    "age-v1.onnx": "CC0-1.0",
    "gender-v1.onnx": "CC0-1.0",
}


def output_of(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def licensed(component, expression):
    component["licenses"] = [
        {"license": {"id": expression}} if " " not in expression else {"expression": expression}]
    return component


def carried(name):
    return [licensed({"type": "library", "bom-ref": f"{name}/{inner}", "name": inner}, licence)
            for inner, licence in CARRIED.get(name, [])]


# ---- Swift packages

def licence_of(folder):
    texts = [path.read_text() for path in sorted(pathlib.Path(folder).glob("LICENSE*")) if path.is_file()]
    text = " ".join(texts[0].split()) if texts else ""
    if text.startswith("Apache License Version 2.0, January 2004"):
        return APACHE_SWIFT if "Runtime Library Exception" in text else APACHE
    if text.startswith("MIT License"):
        return "MIT"
    sys.exit(f"{folder} has no licence that scripts/sbom.py knows")


def swift_reference(package):
    location = package["url"].removeprefix("https://").removesuffix(".git")
    return f"pkg:swift/{location}@{package['version']}"


def swift_packages():
    """The components, and whom each needs, by reference; the root's own needs under None."""
    root = json.loads(output_of("swift", "package", "show-dependencies", "--format", "json"))
    components, needs = {}, {None: [swift_reference(package) for package in root["dependencies"]]}

    def visit(package):
        reference = swift_reference(package)
        needs[reference] = sorted({swift_reference(inner) for inner in package["dependencies"]})
        component = {
            "type": "library", "bom-ref": reference, "name": package["identity"], "version": package["version"],
            "purl": reference, "scope": "required",
            "externalReferences": [{"type": "vcs", "url": package["url"]}],
        }
        if inside := carried(package["identity"]):
            component["components"] = inside
        components[reference] = licensed(component, licence_of(package["path"]))
        for inner in package["dependencies"]:
            visit(inner)

    for package in root["dependencies"]:
        visit(package)
    return [components[reference] for reference in sorted(components)], needs


def swift_runtime():
    version = re.search(r"Swift version (\S+)", output_of("swift", "--version"))[1]
    return licensed({
        "type": "framework", "bom-ref": f"swift@{version}", "name": "swift", "version": version, "scope": "required",
        "description": "standard library, Foundation and Dispatch",
        "externalReferences": [{"type": "website", "url": "https://www.swift.org"}],
    }, APACHE_SWIFT)


# ---- Debian's packages

def runtime_packages():
    text = (ROOT / "scripts/setup").read_text()
    return re.search(r"^runtime_packages=\(\n(.*?)\n\)", text, re.DOTALL | re.MULTILINE)[1].split()


def linked_packages(program):
    """Debian's packages of the libraries that the loader finds for a program."""
    found = set()
    for line in output_of("ldd", str(program)).splitlines():
        path = re.search(r"(/\S+) \(0x", line)
        if not path:
            continue
        real = os.path.realpath(path[1])
        # With merged folders a file may be registered under either of its names.
        for name in (real, real.removeprefix("/usr")):
            owner = subprocess.run(["dpkg-query", "--search", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, check=False)
            if owner.returncode == 0:
                found.add(owner.stdout.split(":")[0])
                break
    return found


def debian_packages(program):
    names = sorted(set(runtime_packages()) | linked_packages(program))
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    distribution = f"{release['ID']}-{release.get('VERSION_ID', '').strip(chr(34))}"
    shown = output_of("dpkg-query", "--show", "--showformat=${Package} ${Version} ${Architecture}\n", *names)
    components = []
    for line in sorted(set(shown.splitlines())):
        name, version, architecture = line.split()
        reference = (f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='.-~')}"
                     f"?arch={architecture}&distro={distribution}")
        component = {"type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
                     "scope": "required"}
        if licence := DEBIAN_LICENCES.get(name):
            licensed(component, licence)
        components.append(component)
    return components


# ---- Python packages: OpenVINO is part of the program, all others serve set-up and tests

def pinned_packages():
    pins = {}
    files = sorted((ROOT / "scripts").glob("requirements-*.txt")) + [ROOT / "Benchmarks/peers/requirements.txt"]
    for file in files:
        text = file.read_text().replace("\\\n", " ")
        for line in text.splitlines():
            pin = re.match(r"([A-Za-z0-9_.-]+)==([^\s;]+)", line)
            if not pin:
                if line.strip() and not line.startswith("#"):
                    sys.exit(f"{file.name}: {line} is no exact version")
                continue
            name = re.sub(r"[-_.]+", "-", pin[1]).lower()
            entry = pins.setdefault((name, pin[2]), {"hashes": set(), "files": set()})
            entry["hashes"] |= set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            entry["files"].add(str(file.relative_to(ROOT)))
    components = []
    for (name, version), entry in sorted(pins.items()):
        if not entry["hashes"]:
            sys.exit(f"{name}=={version} has no sum")
        reference = f"pkg:pypi/{name}@{version}"
        component = {
            "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
            "scope": "required" if name == "openvino" else "excluded",
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in sorted(entry["hashes"])],
            "properties": [{"name": "firserver:pinned-in", "value": file} for file in sorted(entry["files"])],
        }
        if name == "openvino":
            component["components"] = carried(name)
            licensed(component, APACHE)
        components.append(component)
    return components


# ---- Models

def models():
    manifest = json.loads((ROOT / "models/model.json").read_text())
    attributes = manifest["attributes"]
    networks = [
        (manifest["name"], [manifest["file"]]),
        (manifest["detector"]["name"], [manifest["detector"]["file"], manifest["detector"]["weights"]]),
        (attributes["age"]["name"], [attributes["age"]["file"]]),
        (attributes["gender"]["name"], [attributes["gender"]["file"]]),
    ]
    components = []
    for name, files in networks:
        for file in files:
            if not (MODELS / file).is_file():
                sys.exit(f"{MODELS / file} is missing; run make setup")
            component = {
                "type": "machine-learning-model", "bom-ref": f"model/{file}", "name": name, "scope": "required",
                "description": file,
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((MODELS / file).read_bytes()).hexdigest()}],
            }
            components.append(licensed(component, MODEL_LICENCES[file]))
    return components


# ---- The bill

def moment():
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or output_of("git", "log", "-1", "--format=%ct").strip()
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def bill(program):
    version = re.search(r'version = "([^"]+)"', (ROOT / "Sources/firserver/Firserver.swift").read_text())[1]
    packages, needs = swift_packages()
    components = packages + [swift_runtime()] + debian_packages(program) + pinned_packages() + models()
    root = licensed({"type": "application", "bom-ref": f"firserver@{version}", "name": "firserver", "version": version},
                    APACHE)
    others = [component["bom-ref"] for component in components
              if component["scope"] == "required" and component["bom-ref"] not in needs]
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": moment(), "component": root},
        "components": components,
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": sorted(set(needs.pop(None)) | set(others))}]
        + [{"ref": reference, "dependsOn": inner} for reference, inner in sorted(needs.items())],
    }
    content = json.dumps(document, sort_keys=True).encode()
    document["serialNumber"] = f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)}"
    return document


# ---- Checks

def schema_faults(document):
    import jsonschema_rs

    package = importlib.util.find_spec("cyclonedx").submodule_search_locations[0]
    folder = pathlib.Path(package, "schema/_res")

    def read(name):
        return json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text())

    base = "http://cyclonedx.org/schema"
    registry = jsonschema_rs.Registry(
        [(f"{base}/{name}.SNAPSHOT.schema.json", read(name)) for name in ("spdx", "jsf-0.82")])
    validator = jsonschema_rs.Draft7Validator(read("bom-1.6"), registry=registry)
    return [f"{'/'.join(map(str, fault.instance_path))}: {fault.message[:200]}"
            for fault in validator.iter_errors(document)]


def manifest_faults(components):
    """Package.swift asks for exact versions, and those are in the bill."""
    text = (ROOT / "Package.swift").read_text()
    packages = re.findall(r"\.package\(\s*url: \"([^\"]+)\",([^)]*?)[,)]", text)
    faults = [] if packages else ["Package.swift names no packages"]
    resolved = {component["name"]: component["version"] for component in components}
    for url, requirement in packages:
        name = url.rsplit("/", 1)[1].removesuffix(".git").lower()
        version = re.fullmatch(r"\s*exact: \"([^\"]+)\"", requirement)
        if not version:
            faults.append(f"Package.swift asks for no exact version of {name}:{requirement}")
        elif resolved.get(name) != version[1]:
            faults.append(f"Package.swift asks for {name} {version[1]}, and {resolved.get(name)} was resolved")
    return faults


def page_faults(components, asked):
    """docs/third-party.md names each Swift package with its licence, and those that are asked for with the version."""
    rows = {}
    for line in (ROOT / "docs/third-party.md").read_text().splitlines():
        if row := re.match(r"\| \[([a-z0-9-]+)\]\([^)]+\)[^|]* \| ([^|]*)\|.*\| ([^|]+) \|$", line):
            rows[row[1]] = (row[2].strip(), row[3].strip())
    faults = []
    for component in components:
        licence = component["licenses"][0]
        version = component["version"] if component["bom-ref"] in asked else ""
        expected = (version, licence.get("expression") or licence["license"]["id"])
        if rows.get(component["name"]) != expected:
            faults.append(f"docs/third-party.md says {rows.get(component['name'])} of {component['name']}, "
                          f"and it is {expected}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/firserver")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / ".build/firserver.cdx.json")
    arguments = parser.parse_args()
    if not arguments.program.is_file():
        sys.exit(f"{arguments.program} is missing; run make build")
    document = bill(arguments.program)
    swift = [component for component in document["components"] if component["bom-ref"].startswith("pkg:swift/")]
    asked = document["dependencies"][0]["dependsOn"]
    faults = schema_faults(document) + manifest_faults(swift) + page_faults(swift, asked)
    arguments.output.write_text(json.dumps(document, indent=1) + "\n")
    for fault in faults:
        print(f"sbom: {fault}", file=sys.stderr)
    print(f"sbom: {len(document['components'])} components in {arguments.output}, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
