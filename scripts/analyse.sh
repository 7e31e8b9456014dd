#!/bin/sh
# Slither over the contracts and halmos over their arithmetic: `make analyse`. Needs network once; nothing else needs it.
#
# Both want an environment of their own, and forge's build: they go to var/analysis, beside a copy of the contracts.
# Findings and what became of each are in docs/analysis.md. Undo: delete var/analysis.
set -eu
here=$(pwd)
work=$here/var/analysis
solc=$(find "$here/var/brownie" -name 'solc-v0.8.37' -path '*solc/*' | head -n 1)
mkdir -p "$work"
"$work/env/bin/python" -c "import slither, halmos, cvc5" 2>/dev/null || {
    .venv/bin/python -m venv "$work/env"
    "$work/env/bin/pip" install --quiet slither-analyzer==0.11.6 halmos==0.3.3 cvc5==1.4.2
}
npm install --silent --no-save --prefix "$work/forge" @foundry-rs/forge@1.7.1
forge=$(find "$work/forge/node_modules" -type f -name forge -perm -u+x | head -n 1)
PATH=$(dirname "$forge"):$PATH
export PATH
rm -rf "$work/contracts" "$work/test" "$work/out" "$work/cache" # a second build beside the first confuses slither
cp -R contracts "$work/contracts"
mkdir -p "$work/test"
sed 's#\.\./\.\./\.\./contracts#../contracts#' tests/contracts/symbolic/Arithmetic.t.sol > "$work/test/Arithmetic.t.sol"
ln -sfn "$here/node_modules" "$work/node_modules"
cat > "$work/foundry.toml" <<TOML
[profile.default]
src = "contracts"
out = "out"
libs = ["node_modules"]
solc = "$solc"
offline = true
ast = true
evm_version = "cancun"
optimizer = true
optimizer_runs = 2000
remappings = ["@openzeppelin=node_modules/@openzeppelin"]
TOML
cd "$work"
forge build --build-info --ast --quiet
env/bin/slither . --foundry-out-directory out --ignore-compile --filter-paths 'node_modules|test' || true
# -P: the folder of the script has a token.py, which must not stand for Python's own.
env/bin/halmos --function check_ --contract Arithmetic --loop 22 --solver-timeout-assertion 60000 \
    --solver-command "$work/env/bin/python -P $here/scripts/solve_as_integers.py" || true
