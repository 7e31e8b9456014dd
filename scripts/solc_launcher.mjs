// The Solidity compiler, as brownie and forge expect to find it: an executable that answers `--version` and
// `--standard-json [FILE]`. It runs a native solc where one was downloaded (`--native PATH`, first), else npm's solc,
// which is the same compiler built for WebAssembly. Either way it asks for bytecode without a metadata hash, so that
// a contract's bytecode depends on its meaning alone, not on comments or on where the project lies.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative, resolve, isAbsolute } from "node:path";

const METADATA = { bytecodeHash: "none", appendCBOR: false };

const { native, argv } = splitNative(process.argv.slice(2));
const standardJson = argv.indexOf("--standard-json");

if (argv.includes("--version")) {
  print(native ? runNative(["--version"]) : versionText());
} else if (standardJson >= 0) {
  const input = withoutMetadata(readInput(argv[standardJson + 1]));
  print(native ? runNative(withoutInputFile(argv, standardJson), input) : compile(input));
} else {
  console.error("solc launcher: only --version and --standard-json [FILE] are served");
  process.exitCode = 1;
}

function splitNative(given) {
  return given[0] === "--native" ? { native: given[1], argv: given.slice(2) } : { native: null, argv: given };
}

function readInput(file) {
  return readFileSync(file && file !== "-" && !file.startsWith("--") ? file : 0, "utf8");
}

function withoutInputFile(given, at) {
  const file = given[at + 1];
  return file && !file.startsWith("--") ? given.filter((_, index) => index !== at + 1) : given;
}

function withoutMetadata(text) {
  const input = JSON.parse(text);
  if (input.language === "Solidity") {
    input.settings = { ...input.settings, metadata: { ...input.settings?.metadata, ...METADATA } };
  }
  return JSON.stringify(input);
}

function runNative(args, input) {
  const done = spawnSync(native, args, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (done.error) throw done.error;
  process.stderr.write(done.stderr);
  process.exitCode = done.status ?? 1;
  return done.stdout;
}

function soljson() {
  return createRequire(import.meta.url)("solc");
}

function versionText() {
  return `solc, the solidity compiler commandline interface\nVersion: ${soljson().version()}\n`;
}

function compile(input) {
  return soljson().compile(input, { import: readImport });
}

/** Reads an imported source; only files under the folder that the compiler was started in are given out. */
function readImport(path) {
  const file = resolve(path);
  const below = relative(process.cwd(), file);
  if (below.startsWith("..") || isAbsolute(below)) return { error: `${path} lies outside the project` };
  try {
    return { contents: readFileSync(file, "utf8") };
  } catch (error) {
    return { error: `${path}: ${error.message}` };
  }
}

function print(text) {
  process.stdout.write(text);
}
