"""Halmos' questions put to cvc5 as questions about integers: products of two unknowns, which bit by bit are too hard.

Run by halmos, through `scripts/analyse.sh`, in the analysers' own environment: `solve_as_integers.py FILE.smt2`.
"""

import sys

import cvc5  # type: ignore[import-not-found]


def main() -> None:
    """Print what the solver answers to each command of the file."""
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    solver.setOption("solve-bv-as-int", "sum")
    solver.setOption("produce-models", "true")
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.argv[-1])
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        if answer := str(command.invoke(solver, symbols)).strip():
            print(answer, flush=True)


if __name__ == "__main__":
    main()
