"""LBFGS: the two-loop recursion of an inner iteration, over all parameters as one vector."""

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line, Repeated

_PAIR = {
    "y": ("y_{<i>}", "old_dirs[i]"),
    "s": ("s_{<i>}", "old_stps[i]"),
    "rho": (r"\rho_{<i>}", "ro[i]"),
}

LBFGS = Formula(
    (
        Line("grad", "g", "<grad>", "grad", say("line_flat_gradient"), kept="prev_flat_grad"),
        Line("q", "q", "-<grad>", "grad.neg()", say("line_against_gradient")),
        Repeated(
            (
                Line(
                    "factor",
                    r"\alpha_{<i>}",
                    r"<rho> * <<s>>^{\mathsf{T}} <<q>>",
                    "s.dot(q) * rho",
                    say("line_first_loop"),
                    kept="al[i]",
                ),
                Line("q", "q", "<q> - <factor> * <y>", "q.add(y, alpha=-factor)", say("line_first_loop")),
            ),
            "range(len(old_dirs) - 1, -1, -1)",
            _PAIR,
        ),
        Line(
            "H_diag",
            "H_0",
            r"\frac{s^{\mathsf{T}} y}{y^{\mathsf{T}} y}",
            "old_dirs[-1].dot(old_stps[-1]) / old_dirs[-1].dot(old_dirs[-1])",
            say("line_inverse_scale"),
            "len(old_dirs) > 0",
            kept="H_diag",
        ),
        Line("r", "r", "<H_diag> * <q>", "torch.mul(q, H_diag)", say("line_scaled_direction")),
        Repeated(
            (
                Line(
                    "be",
                    r"\beta_{<i>}",
                    r"<rho> * <<y>>^{\mathsf{T}} <<r>>",
                    "y.dot(r) * rho",
                    say("line_second_loop"),
                ),
                Line(
                    "r",
                    "r",
                    "<r> + (<al_i> - <be>) * <s>",
                    "r.add(s, alpha=al_i - be)",
                    say("line_second_loop"),
                ),
            ),
            "range(len(old_dirs))",
            _PAIR | {"al_i": (r"\alpha_{<i>}", "al[i]")},
        ),
        Line("d", "d_t", "<r>", "r", say("line_direction"), kept="d"),
        Line(
            "param",
            "<end>",
            "<param> + <t> * <d>",
            "param.add(d, alpha=t)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    symbols={"t": r"\gamma_t", "H_diag": "H_0"},
)
