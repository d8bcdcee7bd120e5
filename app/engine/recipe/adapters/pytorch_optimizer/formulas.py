"""The update of each optimizer of the package in LaTeX, as its defaults have it, in the notation of torch."""

from collections.abc import Mapping
from typing import Final

_M = r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) g_t"
_V = r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2"
_HATS = (r"\hat m_t \leftarrow \frac{m_t}{1-\beta_1^t}", r"\hat v_t \leftarrow \frac{v_t}{1-\beta_2^t}")
_MOMENTS = (_M, _V, *_HATS)
_ADAM = r"\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"
_BUFFER = r"b_t \leftarrow \mu b_{t-1} + g_t"
_EMA = r"b_t \leftarrow \mu b_{t-1} + (1-\mu) g_t"
_Y = r"y_t \leftarrow \beta_1 x_t + (1-\beta_1) z_t"
_X = r"x_t \leftarrow (1-c_t)\,x_{t-1} + c_t\,z_t"


def _down(update: str, rate: str = r"\gamma") -> str:
    return rf"\theta_t \leftarrow \theta_{{t-1}} - {rate}\,{update}"


_ADAM_STEP = _down(_ADAM)
_POLAR = r"O_t \leftarrow \text{NewtonSchulz}(B_t)"
_MUON = (r"B_t \leftarrow \mu B_{t-1} + (1-\mu) G_t", _POLAR)

_STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "A2Grad": (
        r"v_t \leftarrow v_{t-1} + \lVert g_t-\bar g_t\rVert^2",
        r"\eta_t \leftarrow \frac{1}{2L/(t+1)+\beta\sqrt{v_t}},\ \alpha_t = \frac{2}{t+3}",
        r"x_t \leftarrow x_{t-1} - \eta_t g_t",
        r"\theta_t \leftarrow (1-\alpha_t)(\theta_{t-1} - \alpha_{t-1}\eta_t g_t) + \alpha_t x_t",
    ),
    "ADOPT": (
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\,\text{clip}\!\left(\frac{g_t}{\max(\sqrt{v_{t-1}},\epsilon)},\,t^{1/4}\right)",
        _down("m_t"),
        _V,
    ),
    "APOLLO": (*_MOMENTS, _ADAM_STEP),
    "ASGD": (
        r"\gamma_t \leftarrow \min\!\left(\sqrt{1+\rho_{t-1}}\,\gamma_{t-1},\,\frac{\lVert\theta_{t-1}-\theta_{t-2}\rVert}{2\lVert g_t-g_{t-1}\rVert}\right)",
        r"\rho_t \leftarrow \gamma_t/\gamma_{t-1}",
        _down("g_t", r"\gamma_t"),
    ),
    "AccSGD": (
        r"b_t \leftarrow \alpha b_{t-1} + (1-\alpha)\left(\theta_{t-1} - \frac{\gamma\kappa}{c}\,g_t\right),\ \alpha = 1-\frac{\xi c^2}{\kappa}",
        r"\theta_t \leftarrow \zeta(\theta_{t-1}-\gamma g_t) + (1-\zeta) b_t,\ \zeta = \frac{c}{c+1-\alpha}",
    ),
    "AdEMAMix": (
        _M,
        r"n_t \leftarrow \beta_3 n_{t-1} + (1-\beta_3) g_t",
        _V,
        *_HATS,
        _down(r"\frac{\hat m_t + \alpha n_t}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "AdaBelief": (
        _M,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)(g_t-m_t)^2 + \epsilon",
        *_HATS,
        _ADAM_STEP,
    ),
    "AdaBound": (
        _M,
        _V,
        r"\eta_t \leftarrow \text{clip}\!\left(\frac{\gamma_t}{\sqrt{v_t}+\epsilon},\,l_t,\,u_t\right)",
        r"\theta_t \leftarrow \theta_{t-1} - \eta_t m_t",
    ),
    "AdaDelta": (
        r"v_t \leftarrow \rho v_{t-1} + (1-\rho) g_t^2",
        r"\Delta_t \leftarrow \frac{\sqrt{u_{t-1}+\epsilon}}{\sqrt{v_t+\epsilon}}\,g_t",
        r"u_t \leftarrow \rho u_{t-1} + (1-\rho)\Delta_t^2",
        _down(r"\Delta_t"),
    ),
    "AdaFactor": (
        r"R_t \leftarrow \beta_{2,t} R_{t-1} + (1-\beta_{2,t})\,\text{mean}_{\text{col}}\,G_t^2",
        r"C_t \leftarrow \beta_{2,t} C_{t-1} + (1-\beta_{2,t})\,\text{mean}_{\text{row}}\,G_t^2",
        r"U_t \leftarrow G_t \Big/ \sqrt{R_t C_t / \text{mean}\,R_t}",
        _down(r"U_t / \max(1,\,\text{rms}(U_t)/d)", r"\gamma_t"),
    ),
    "AdaGC": (
        r"\tilde g_t \leftarrow \min\!\left(1,\,\frac{\lambda\,n_{t-1}}{\lVert g_t\rVert}\right) g_t",
        r"n_t \leftarrow \beta n_{t-1} + (1-\beta)\lVert\tilde g_t\rVert",
        r"m_t, v_t \leftarrow \text{moments}(\tilde g_t)",
        _ADAM_STEP,
    ),
    "AdaGO": (
        *_MUON,
        r"v_t^2 \leftarrow v_{t-1}^2 + \min(\lVert G_t\rVert^2, \gamma_{\max}^2)",
        _down(
            r"O_t", r"\max\!\left(\epsilon,\,\frac{\gamma\min(\lVert G_t\rVert,\gamma_{\max})}{v_t}\right)"
        ),
    ),
    "AdaHessian": (
        r"d_t \leftarrow \left|z\odot\nabla(g_t^\top z)\right|,\ z\in\{-1,1\}^n",
        _M,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) d_t^2",
        *_HATS,
        _ADAM_STEP,
    ),
    "AdaMax": (
        _M,
        r"u_t \leftarrow \max(\beta_2 u_{t-1},\,|g_t|+\epsilon)",
        _down(r"\frac{m_t}{(1-\beta_1^t)\,u_t}"),
    ),
    "AdaMod": (
        *_MOMENTS,
        r"\eta_t \leftarrow \frac{\gamma}{\sqrt{\hat v_t}+\epsilon}",
        r"s_t \leftarrow \beta_3 s_{t-1} + (1-\beta_3)\eta_t",
        r"\theta_t \leftarrow \theta_{t-1} - \min(\eta_t, s_t)\,\hat m_t",
    ),
    "AdaMuon": (
        *_MUON,
        r"V_t \leftarrow \beta_2 V_{t-1} + (1-\beta_2) O_t^2",
        _down(r"\frac{O_t}{\sqrt{V_t}+\epsilon}\,s"),
    ),
    "AdaNorm": (
        r"n_t \leftarrow r\,n_{t-1} + (1-r)\lVert g_t\rVert",
        r"s_t \leftarrow g_t\max\!\left(1,\,\frac{n_t}{\lVert g_t\rVert}\right)",
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) s_t",
        _V,
        *_HATS,
        _ADAM_STEP,
    ),
    "AdaPNM": (
        r"m_t \leftarrow \beta_1^2 m_{t-2} + (1-\beta_1^2) g_t",
        _V,
        _down(
            r"\frac{(1+\beta_0) m_t - \beta_0 m_{t-1}}{\sqrt{(1+\beta_0)^2+\beta_0^2}\,(\sqrt{\hat v_t}+\epsilon)}"
        ),
    ),
    "AdaShift": (
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)\max g_{t-n}^2",
        r"m_t \leftarrow \frac{\sum_{i<n}\beta_1^i g_{t-i}}{\sum_{i<n}\beta_1^i}",
        _down(r"\frac{m_t}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "AdaSmooth": (
        r"e_t \leftarrow \frac{|\sum\Delta\theta|}{\sum|\Delta\theta|}",
        r"c_t \leftarrow (\beta_2-\beta_1)\,e_t + 1-\beta_2",
        r"v_t \leftarrow c_t^2 g_t^2 + (1-c_t^2) v_{t-1}",
        _down(r"\frac{g_t}{\sqrt{v_t+\epsilon}}"),
    ),
    "AdaTAM": (
        r"s_t \leftarrow \lambda s_{t-1} + (1-\lambda)\cos(m_{t-1}, g_t)",
        r"m_t \leftarrow \beta_1 m_{t-1} + \left(\epsilon+\frac{1+s_t}{2}\right) g_t",
        _V,
        _down(r"\frac{m_t}{\sqrt{v_t}+\epsilon}"),
    ),
    "Adai": (
        _V.replace("v_t", "v_t"),
        r"\mu_t \leftarrow \text{clip}\!\left(1-\frac{\beta_0\,\hat v_t}{\text{mean}\,\hat v_t},\,0,\,1-\epsilon\right)",
        r"m_t \leftarrow \mu_t m_{t-1} + (1-\mu_t) g_t",
        _down(r"\frac{m_t}{1-\prod_i \mu_i}"),
    ),
    "Adalite": (
        r"g_t \leftarrow \text{clip}(g_t)",
        r"v_t \leftarrow \text{factored average of } g_t^2",
        r"m_t \leftarrow \text{average of } \frac{g_t}{\sqrt{v_t}+\epsilon}",
        _down("m_t"),
    ),
    "AdamC": (*_MOMENTS, r"\theta_t \leftarrow \theta_{t-1} - \gamma\lambda\theta_{t-1} - \gamma\," + _ADAM),
    "AdamG": (
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2",
        r"r_t \leftarrow \beta_3 r_{t-1} + (1-\beta_3)\,p\,v_t^{q}",
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) r_t g_t",
        _down(r"\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}", r"\min(\gamma,\,1/\sqrt t)"),
    ),
    "AdamP": (
        *_MOMENTS,
        r"u_t \leftarrow \Pi_\theta\!\left(" + _ADAM + r"\right)",
        _down("u_t"),
    ),
    "AdamS": (
        *_MOMENTS,
        _down(_ADAM),
        r"\theta_t \leftarrow \theta_t - \frac{\gamma\lambda}{\sqrt{\text{mean}\,\hat v_t}}\,\theta_{t-1}",
    ),
    "AdamWSN": (
        _M,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)\sum_{i\in\text{subset}} g_{t,i}^2",
        *_HATS,
        _ADAM_STEP,
    ),
    "Adan": (
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) g_t",
        r"d_t \leftarrow \beta_2 d_{t-1} + (1-\beta_2)(g_t-g_{t-1})",
        r"n_t \leftarrow \beta_3 n_{t-1} + (1-\beta_3)\left(g_t+\beta_2(g_t-g_{t-1})\right)^2",
        _down(r"\frac{\hat m_t+\beta_2\hat d_t}{\sqrt{\hat n_t}+\epsilon}"),
    ),
    "AggMo": (
        r"b_t^{(i)} \leftarrow \mu_i b_{t-1}^{(i)} + g_t",
        _down(r"\frac{1}{K}\sum_{i=1}^{K} b_t^{(i)}"),
    ),
    "Aida": (
        _M,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)(\Pi_g m_t - \Pi_m g_t)^2 + \epsilon",
        _down(r"\frac{\hat m_t}{\sqrt{\hat v_t}}"),
    ),
    "AliG": (
        r"\gamma_t \leftarrow \min\!\left(\gamma_{\max},\,\frac{f(\theta_{t-1})}{\lVert g_t\rVert^2+\delta}\right)",
        _down("g_t", r"\gamma_t"),
    ),
    "Alice": (
        r"\sigma_t \leftarrow U_t^\top G_t",
        r"Q_t \leftarrow \beta_3 Q_{t-1} + (1-\beta_3)\sigma_t\sigma_t^\top",
        r"u_t \leftarrow \text{Adam}(\sigma_t)",
        _down(r"\alpha\left(U_t u_t + \alpha_c\,\text{compensation}(G_t - U_t\sigma_t)\right)"),
    ),
    "Amos": (
        r"v_t \leftarrow \beta v_{t-1} + (1-\beta)\,\text{mean}\,g_t^2",
        r"\theta_t \leftarrow \theta_{t-1} - d_t\left(\frac{\gamma\eta\,g_t}{\sqrt{\hat v_t}} + \frac{\gamma^2 g_t^2}{2\hat v_t}\,\theta_{t-1}\right)",
        r"d_t \text{ decays with } \gamma^2 g^2/\hat v",
    ),
    "Ano": (
        _M,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)\,\text{sign}(g_t^2-v_{t-1})\,g_t^2",
        _down(r"\frac{|g_t|\,\text{sign}(m_t)}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "ApolloDQN": (
        r"m_t \leftarrow \beta\text{-average of } g_t",
        r"B_t \leftarrow B_{t-1} + \frac{d_{t-1}^\top(m_t-m_{t-1}-B_{t-1}d_{t-1})}{\lVert d_{t-1}\rVert_4^4}\,\text{diag}(d_{t-1}^2)",
        r"d_t \leftarrow \frac{m_t}{\max(|B_t|, \sigma)}",
        _down("d_t"),
    ),
    "AvaGrad": (
        _M,
        r"\eta_t \leftarrow \frac{1}{\sqrt{v_{t-1}}+\epsilon}",
        _down(r"\frac{\eta_t}{\lVert\eta_t/\sqrt d\rVert_2}\,m_t"),
        _V,
    ),
    "BCOS": (
        r"m_t \leftarrow \beta m_{t-1} + (1-\beta) g_t",
        r"v_t \leftarrow (1-(1-\beta)^2)\,m_{t-1}^2 + (1-\beta)^2 g_t^2 \text{ (as the mode says)}",
        _down(r"\frac{m_t}{\sqrt{v_t}+\epsilon}"),
    ),
    "BSAM": (
        r"g \leftarrow \nabla f(\theta+\xi),\ \xi\sim N(0,\,(1/(N s))^2)",
        r"h \leftarrow \nabla f(\theta+\xi+\rho g/s)",
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\lambda h",
        r"s_t \leftarrow \beta_2 s_{t-1} + (1-\beta_2)\left(\sqrt{s_{t-1}}\,|h|+\lambda+\delta\right)^2",
        r"\theta \leftarrow \theta - \gamma\, m_t/s_t \text{ from the perturbed point}",
    ),
    "CAME": (
        r"u_t \leftarrow g_t/\sqrt{\hat v_t} \text{ (factored, clipped)}",
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) u_t",
        r"s_t \leftarrow \text{factored average of } (u_t-m_t)^2",
        _down(r"\frac{m_t}{\sqrt{s_t}}"),
    ),
    "Conda": (
        _M.replace("m_t", "M_t").replace("m_{t-1}", "M_{t-1}").replace("g_t", "G_t"),
        r"U_t \leftarrow \text{singular vectors of } M_t",
        r"V_t \leftarrow \beta_2 V_{t-1} + (1-\beta_2)(U_t^\top G_t)^2",
        _down(r"s\,U_t\frac{U_t^\top M_t}{\sqrt{V_t}+\epsilon}"),
    ),
    "DASH": (
        r"L_t \leftarrow \beta_2 L_{t-1} + (1-\beta_2) G_tG_t^\top,\ R_t \leftarrow \beta_2 R_{t-1} + (1-\beta_2) G_t^\top G_t",
        r"U_t \leftarrow L_t^{-1/4} M_t R_t^{-1/4} \text{ block by block}",
        _down(r"\frac{\lVert\text{Adam}(G_t)\rVert}{\lVert U_t\rVert}\,U_t"),
    ),
    "DAdaptAdaGrad": (
        r"s_t \leftarrow s_{t-1} + \gamma d_t g_t",
        r"v_t \leftarrow v_{t-1} + \gamma^2 d_t^2 g_t^2 \text{ (scaled)}",
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,\frac{\lVert s_t\rVert_{v^{-1}}^2-\sum\gamma^2 d^2\lVert g\rVert_{v^{-1}}^2}{2\lVert s_t\rVert_1}\right)",
        r"\theta_t \leftarrow \theta_0 - s_t/\sqrt{v_t}",
    ),
    "DAdaptAdam": (
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\gamma d_t g_t",
        _V,
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,\frac{r_t}{(1-\sqrt{\beta_2})\lVert s_t\rVert_1}\right)",
        r"\theta_t \leftarrow \theta_{t-1} - \frac{m_t}{\sqrt{v_t}+\epsilon}",
    ),
    "DAdaptAdan": (
        r"\text{Adan with } \gamma d_t",
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,\frac{r_t}{(1-\beta_3)\lVert s_t\rVert_1}\right)",
    ),
    "DAdaptLion": (
        r"u_t \leftarrow \text{sign}(\beta_1 m_{t-1}+(1-\beta_1)g_t)",
        _down("u_t", r"\gamma d_t"),
        r"m_t \leftarrow \beta_2 m_{t-1} + (1-\beta_2)\gamma d_t g_t",
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,\frac{r_t}{(1-\sqrt{\beta_2})\lVert s_t\rVert_1}\right)",
    ),
    "DAdaptSGD": (
        r"\lambda_t \leftarrow \gamma d_t/\lVert g_0\rVert",
        r"s_t \leftarrow s_{t-1} + \lambda_t g_t",
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,\frac{2\sum\lambda_i\langle g_i,s_i\rangle}{\lVert s_t\rVert}\right)",
        r"z_t \leftarrow z_{t-1} - \lambda_t g_t",
        r"\theta_t \leftarrow \mu\theta_{t-1} + (1-\mu) z_t",
    ),
    "DiffGrad": (
        *_MOMENTS,
        r"\xi_t \leftarrow \frac{1}{1+e^{-|g_{t-1}-g_t|}}",
        _down(r"\frac{\xi_t\,\hat m_t}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "DualAdam": (
        *_MOMENTS,
        r"d_t \leftarrow \sqrt{\hat v_t}+\epsilon,\ \rho_t = \max(0, 1-ts)",
        _down(r"\left((1-\rho_t)\,d_t^{-1} + \rho_t\,d_t\right)\hat m_t"),
    ),
    "EXAdam": (
        _M,
        _V,
        *_HATS,
        r"d_1 \leftarrow 1+\beta_2^t\frac{v_t}{v_t+\epsilon},\ d_2 \leftarrow 1+\beta_1^t\frac{m_t^2}{m_t^2+\epsilon}",
        _down(r"\frac{d_1\left(\hat m_t + g_t/(1-\beta_1^t)\right)}{\sqrt{d_2\hat v_t}+\epsilon}"),
    ),
    "EmoFact": (
        r"s_t \leftarrow \tanh(\text{trend of the loss})",
        r"v_t \leftarrow \text{factored average of } g_t^2",
        _down(r"\frac{g_t}{\sqrt{v_t}+\epsilon}", r"\gamma(1-|s_t|)"),
    ),
    "EmoLynx": (
        r"s_t \leftarrow \tanh(\text{trend of the loss})",
        _down(r"\text{sign}(\beta_1 m_{t-1} + (1-\beta_1) g_t)", r"\gamma(1-|s_t|)"),
        r"m_t \leftarrow \beta_2 m_{t-1} + (1-\beta_2) g_t",
    ),
    "EmoNavi": (
        r"s_t \leftarrow \tanh(\text{trend of the loss})",
        _M,
        _V,
        _down(r"\frac{m_t}{\sqrt{v_t}+\epsilon}", r"\gamma(1-|s_t|)"),
    ),
    "FAdam": (
        r"f_t \leftarrow \beta_2 f_{t-1} + (1-\beta_2) g_t^2",
        r"\bar g_t \leftarrow \text{clip}\!\left(\frac{g_t}{f_t^{p}+\epsilon}\right)",
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\bar g_t",
        _down("m_t"),
    ),
    "FOCUS": (
        _M,
        r"\bar\theta_t \leftarrow \beta_2\bar\theta_{t-1} + (1-\beta_2)\theta_{t-1}",
        _down(r"\left(\text{sign}(m_t) + \kappa\,\text{sign}(\theta_{t-1}-\hat{\bar\theta}_t)\right)"),
    ),
    "FTRL": (
        r"n_t \leftarrow n_{t-1} + g_t^2",
        r"z_t \leftarrow z_{t-1} + g_t - \frac{\sqrt{n_t}-\sqrt{n_{t-1}}}{\gamma}\,\theta_{t-1}",
        r"\theta_t \leftarrow -\frac{z_t-\lambda_1\text{sign}(z_t)}{(\beta+\sqrt{n_t})/\gamma+\lambda_2} \text{ if } |z_t|>\lambda_1,\ \text{else } 0",
    ),
    "Fira": (*_MOMENTS, _ADAM_STEP),
    "FlashAdamW": (
        *_MOMENTS,
        r"\theta_t \leftarrow \theta_{t-1} - \gamma\lambda\theta_{t-1} - \gamma\," + _ADAM,
    ),
    "FriendlySAM": (
        r"n_t \leftarrow \lambda n_{t-1} + (1-\lambda) g_t",
        r"e_t \leftarrow \rho\frac{g_t-\sigma n_{t-1}}{\lVert g_t-\sigma n_{t-1}\rVert}",
        r"\theta_t \leftarrow \text{base}\left(\theta_{t-1},\,\nabla f(\theta_{t-1}+e_t)\right)",
    ),
    "Fromage": (
        r"\theta_t \leftarrow \frac{1}{\sqrt{1+\gamma^2}}\left(\theta_{t-1}-\gamma\frac{\lVert\theta_{t-1}\rVert}{\lVert g_t\rVert}\,g_t\right)",
    ),
    "GaLore": (*_MOMENTS, _ADAM_STEP),
    "Grams": (*_MOMENTS, _down(r"\text{sign}(g_t)\left|" + _ADAM + r"\right|")),
    "Gravity": (
        r"m \leftarrow 1/\max|g_t|",
        r"\zeta_t \leftarrow \frac{g_t}{1+(g_t/m)^2}",
        r"v_t \leftarrow \hat\beta_t v_{t-1} + (1-\hat\beta_t)\zeta_t,\ \hat\beta_t = \frac{\beta t+1}{t+2}",
        _down("v_t"),
    ),
    "GrokFastAdamW": (
        r"h_t \leftarrow \alpha h_{t-1} + (1-\alpha) g_t",
        r"g_t \leftarrow g_t + \lambda h_t",
        *_MOMENTS,
        _ADAM_STEP,
    ),
    "Kate": (
        r"b_t^2 \leftarrow b_{t-1}^2 + g_t^2 + \epsilon",
        r"m_t^2 \leftarrow m_{t-1}^2 + \eta g_t^2 + g_t^2/b_t^2",
        _down(r"\frac{m_t}{b_t^2}\,g_t"),
    ),
    "Kron": (
        r"Q_t \leftarrow Q_{t-1} - \eta\,\text{triu}\!\left(Q g g^\top Q^\top - Q^{-\top} v v^\top Q^{-1}\right) Q",
        r"u_t \leftarrow (Q_1^\top Q_1)\,M_t\,(Q_2^\top Q_2)",
        _down(r"\text{clip}(u_t)"),
    ),
    "LARS": (
        r"\rho_t \leftarrow \eta\frac{\lVert\theta_{t-1}\rVert}{\lVert g_t\rVert}",
        r"b_t \leftarrow \mu b_{t-1} + \rho_t g_t",
        _down("b_t"),
    ),
    "LaProp": (
        _V,
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\frac{g_t}{\sqrt{\hat v_t}+\epsilon}",
        _down(r"\hat m_t"),
    ),
    "Lamb": (
        *_MOMENTS,
        r"u_t \leftarrow " + _ADAM,
        _down(r"\frac{\lVert\theta_{t-1}\rVert}{\lVert u_t\rVert}\,u_t"),
    ),
    "Lion": (
        _down(r"\text{sign}(\beta_1 m_{t-1} + (1-\beta_1) g_t)"),
        r"m_t \leftarrow \beta_2 m_{t-1} + (1-\beta_2) g_t",
    ),
    "LookSAM": (
        r"g_s \leftarrow \nabla f(\theta_{t-1}+\rho\,g/\lVert g\rVert) \text{ each } k\text{-th step}",
        r"g_v \leftarrow g_s - \lVert g_s\rVert\cos(g, g_s)\,g/\lVert g\rVert",
        r"g_t \leftarrow g + \alpha\frac{\lVert g\rVert}{\lVert g_v\rVert}\,g_v \text{ in the others}",
        r"\theta_t \leftarrow \text{base}(\theta_{t-1}, g_t)",
    ),
    "Lookahead": (
        r"\theta_t \leftarrow \text{base}(\theta_{t-1}, g_t)",
        r"\text{each } k\text{-th step:}\ \phi \leftarrow \phi + \alpha(\theta_t-\phi),\ \theta_t \leftarrow \phi",
    ),
    "MADGRAD": (
        r"\lambda_t \leftarrow \gamma\sqrt{t}",
        r"s_t \leftarrow s_{t-1} + \lambda_t g_t,\ v_t \leftarrow v_{t-1} + \lambda_t g_t^2",
        r"z_t \leftarrow \theta_0 - \frac{s_t}{\sqrt[3]{v_t}+\epsilon}",
        r"\theta_t \leftarrow \mu\theta_{t-1} + (1-\mu) z_t",
    ),
    "MARS": (
        r"c_t \leftarrow g_t + \kappa\frac{\beta_1}{1-\beta_1}(g_t-g_{t-1})",
        r"c_t \leftarrow c_t/\max(1,\lVert c_t\rVert)",
        r"m_t, v_t \leftarrow \text{moments}(c_t)",
        _ADAM_STEP,
    ),
    "MSVAG": (
        r"m_t \leftarrow \beta m_{t-1} + (1-\beta) g_t,\ v_t \leftarrow \beta v_{t-1} + (1-\beta) g_t^2",
        r"s_t \leftarrow \frac{\hat v_t-\hat m_t^2}{1-\rho_t}",
        _down(r"\frac{\hat m_t^2}{\hat m_t^2+\rho_t s_t}\,\hat m_t"),
    ),
    "Magma": (
        r"s_t \leftarrow \beta s_{t-1} + (1-\beta)\,\sigma(\cos(m_t,g_t)/\tau)",
        r"\theta_t \leftarrow \theta_{t-1} + s_t\,\xi\,\Delta_t^{\text{base}},\ \xi\sim\text{Bernoulli}(p)",
    ),
    "Muon": (*_MUON, _down(r"\sqrt{\max(1, n/m)}\,O_t")),
    "MuonClip": (*_MUON, _down(r"0.2\sqrt{\max(n, m)}\,O_t")),
    "Nero": (
        r"v_t \leftarrow \beta v_{t-1} + (1-\beta)\lVert g_t\rVert^2 \text{ by neuron}",
        _down(r"\lVert\theta\rVert\frac{g_t}{\sqrt{\hat v_t}}"),
        r"\theta_t \leftarrow \text{centred and of norm 1 by neuron}",
    ),
    "NorMuon": (
        *_MUON,
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)\,\text{mean}_{\text{row}}\,O_t^2",
        _down(r"s\,\frac{O_t}{\sqrt{v_t}+\epsilon}"),
    ),
    "NovoGrad": (
        r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2)\lVert g_t\rVert^2",
        r"m_t \leftarrow \beta_1 m_{t-1} + \frac{g_t}{\sqrt{v_t}+\epsilon}",
        _down("m_t"),
    ),
    "OrthoGrad": (
        r"g_\perp \leftarrow g_t - \frac{\theta^\top g_t}{\theta^\top\theta}\,\theta",
        r"\theta_t \leftarrow \text{base}\!\left(\theta_{t-1},\,\frac{\lVert g_t\rVert}{\lVert g_\perp\rVert}\,g_\perp\right)",
    ),
    "PAdam": (*_MOMENTS, _down(r"\frac{\hat m_t}{(\sqrt{\hat v_t}+\epsilon)^{2p}}")),
    "PID": (
        r"b_t \leftarrow \mu b_{t-1} + g_t",
        r"d_t \leftarrow \mu d_{t-1} + (1-\mu)(g_t-g_{t-1})",
        _down(r"(g_t + K_i\,b_t + K_d\,d_t)"),
    ),
    "PNM": (
        r"m_t \leftarrow \beta_1^2 m_{t-2} + (1-\beta_1^2) g_t",
        _down(r"\frac{(1+\beta_0) m_t - \beta_0 m_{t-1}}{\sqrt{(1+\beta_0)^2+\beta_0^2}}"),
    ),
    "Prodigy": (
        r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) d_t g_t,\ v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) d_t^2 g_t^2",
        r"r_t \leftarrow \beta_3 r_{t-1} + (1-\beta_3)\gamma d_t^2\langle g_t,\theta_0-\theta_{t-1}\rangle",
        r"s_t \leftarrow \beta_3 s_{t-1} + (1-\beta_3)\gamma d_t^2 g_t",
        r"d_{t+1} \leftarrow \max\!\left(d_t,\,r_t/\lVert s_t\rVert_1\right)",
        _down(r"\frac{m_t}{\sqrt{v_t}+d_t\epsilon}", r"\gamma d_t"),
    ),
    "QHAdam": (
        *_MOMENTS,
        _down(r"\frac{(1-\nu_1) g_t+\nu_1\hat m_t}{\sqrt{(1-\nu_2) g_t^2+\nu_2\hat v_t}+\epsilon}"),
    ),
    "QHM": (_EMA, _down(r"\left((1-\nu) g_t + \nu b_t\right)")),
    "RACS": (
        r"s_t, q_t \leftarrow \text{averages of column and row scales with } Q^{1/2}G_tS^{1/2} \text{ of unit size}",
        _down(r"\alpha\,Q_t^{-1/2}\,G_t\,S_t^{-1/2}"),
    ),
    "RAdam": (
        *_MOMENTS,
        r"\rho_t \leftarrow \rho_\infty - \frac{2t\beta_2^t}{1-\beta_2^t}",
        _down(
            r"r(\rho_t)\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon} \text{ if } \rho_t \text{ is large enough}"
        ),
    ),
    "ROSE": (
        r"r_t \leftarrow \max g_t - \min g_t \text{ by slice}",
        _down(r"\frac{g_t}{r_t}"),
    ),
    "Ranger": (
        r"g_t \leftarrow g_t - \text{mean}\,g_t",
        r"\theta_t \leftarrow \text{RAdam}(\theta_{t-1}, g_t)",
        r"\text{each } k\text{-th step:}\ \phi \leftarrow \phi+\alpha(\theta_t-\phi),\ \theta_t \leftarrow \phi",
    ),
    "Ranger21": (
        r"g_t \leftarrow \text{centred, clipped, normalised } g_t",
        r"\theta_t \leftarrow \text{AdamW with positive-negative momentum, norm loss, warm-up and warm-down}",
        r"\text{each } k\text{-th step:}\ \phi \leftarrow \phi+\alpha(\theta_t-\phi)",
    ),
    "SAM": (
        r"e_t \leftarrow \rho\frac{g_t}{\lVert g_t\rVert}",
        r"\theta_t \leftarrow \text{base}\left(\theta_{t-1},\,\nabla f(\theta_{t-1}+e_t)\right)",
    ),
    "SCION": (
        r"d_t \leftarrow (1-\alpha) d_{t-1} + \alpha g_t",
        _down(r"\rho\,\text{lmo}(d_t)"),
    ),
    "SCIONLight": (
        _down(r"\rho\,\text{lmo}(g_t)"),
        r"g \leftarrow (1-\alpha) g_t \text{ stays in .grad}",
    ),
    "SGDP": (
        _BUFFER,
        r"u_t \leftarrow \Pi_\theta(b_t)",
        _down("u_t"),
    ),
    "SGDSaI": (
        r"s \leftarrow \frac{\lVert g_1\rVert}{\text{std}(g_1)\sqrt{d}+\epsilon} \text{ once, by parameter}",
        r"b_t \leftarrow \mu b_{t-1} + (1-\mu) g_t",
        _down(r"s\,b_t"),
    ),
    "SGDW": (_BUFFER, r"\theta_t \leftarrow \theta_{t-1} - \gamma b_t - \gamma\lambda\theta_{t-1}"),
    "SM3": (
        r"v_t \leftarrow \min_{d}\mu_{t-1}^{(d)} + g_t^2",
        r"\mu_t^{(d)} \leftarrow \max_{\text{along the others}} v_t",
        _down(r"\frac{g_t}{\sqrt{v_t}}"),
    ),
    "SOAP": (
        r"L_t \leftarrow \beta L_{t-1} + (1-\beta) G_tG_t^\top,\ R_t \leftarrow \beta R_{t-1} + (1-\beta) G_t^\top G_t",
        r"G'_t \leftarrow Q_L^\top G_t Q_R \text{ in the eigenvectors of } L_t, R_t",
        r"\theta_t \leftarrow \theta_{t-1} - \gamma\,Q_L\,\text{Adam}(G'_t)\,Q_R^\top",
    ),
    "SPAM": (
        r"g_t \leftarrow \text{sign}(g_t)\sqrt{\vartheta v_{t-1}} \text{ where } g_t^2 > \vartheta v_{t-1}",
        *_MOMENTS,
        _ADAM_STEP,
        r"m, v \leftarrow 0 \text{ each } \Delta T \text{ steps}",
    ),
    "SPlus": (
        _M.replace("m_t", "M_t").replace("m_{t-1}", "M_{t-1}").replace("g_t", "G_t"),
        r"L_t \leftarrow \beta_2 L_{t-1} + (1-\beta_2) G_tG_t^\top,\ R_t \leftarrow \beta_2 R_{t-1} + (1-\beta_2) G_t^\top G_t",
        _down(r"Q_L\,\text{sign}(Q_L^\top M_t Q_R)\,Q_R^\top", r"\frac{2\gamma}{n+m}"),
    ),
    "SRMM": (
        r"w_t \leftarrow (t+1)^{-\beta}",
        r"\bar g_t \leftarrow (1-w_t)\bar g_{t-1} + w_t g_t,\ \bar\theta_t \leftarrow (1-w_t)\bar\theta_{t-1} + w_t\theta_{t-1}",
        r"\theta_t \leftarrow \bar\theta_t - \gamma\bar g_t",
    ),
    "SWATS": (
        *_MOMENTS,
        _ADAM_STEP,
        r"\gamma_{\text{SGD}} \leftarrow \frac{\Delta^\top\Delta}{-\Delta^\top g} \text{ averaged; once it holds, SGD goes on with it}",
    ),
    "SaRA": (
        r"M \leftarrow [\,|\theta_0| < \tau\,]",
        *_MOMENTS,
        _down(r"M\odot" + _ADAM),
    ),
    "ScalableShampoo": (
        r"L_t \leftarrow \beta_2 L_{t-1} + (1-\beta_2) G_tG_t^\top,\ R_t \leftarrow \beta_2 R_{t-1} + (1-\beta_2) G_t^\top G_t",
        r"U_t \leftarrow L_t^{-1/4} G_t R_t^{-1/4} \text{ with the norm of the graft}",
        r"M_t \leftarrow \beta_1 M_{t-1} + U_t",
        _down("M_t"),
    ),
    "ScheduleFreeAdamW": (
        r"g_t \leftarrow \nabla f(y_{t-1})",
        _V,
        r"z_t \leftarrow z_{t-1} - \gamma\frac{g_t}{\sqrt{\hat v_t}+\epsilon}",
        _X,
        _Y,
    ),
    "ScheduleFreeRAdam": (
        r"g_t \leftarrow \nabla f(y_{t-1})",
        _V,
        r"z_t \leftarrow z_{t-1} - \gamma\,r(\rho_t)\frac{g_t}{\sqrt{\hat v_t}+\epsilon}",
        _X,
        _Y,
    ),
    "ScheduleFreeSGD": (
        r"z_t \leftarrow z_{t-1} - \gamma\nabla f(y_{t-1})",
        _X,
        r"y_t \leftarrow \mu x_t + (1-\mu) z_t",
    ),
    "ScheduleFreeWrapper": (
        r"z_t \leftarrow \text{base}(z_{t-1},\,\nabla f(y_{t-1}))",
        _X,
        r"y_t \leftarrow \mu x_t + (1-\mu) z_t",
    ),
    "Shampoo": (
        r"L_t \leftarrow L_{t-1} + G_tG_t^\top,\ R_t \leftarrow R_{t-1} + G_t^\top G_t",
        r"\theta_t \leftarrow \theta_{t-1} - \gamma\,L_t^{-1/2}\,G_t\,R_t^{-1/2}",
    ),
    "SignSGD": (_EMA, _down(r"\text{sign}(b_t)")),
    "SimplifiedAdEMAMix": (
        r"m_t \leftarrow \beta_1 m_{t-1} + g_t",
        _V,
        _down(r"\frac{m_t+\alpha g_t}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "SophiaH": (
        r"h_t \leftarrow \beta_2 h_{t-1} + (1-\beta_2)\,z\odot\nabla(g_t^\top z) \text{ each } k\text{-th step}",
        _M,
        _down(r"\text{clip}\!\left(\frac{m_t}{\max(h_t,\epsilon)},\,p\right)"),
    ),
    "SpectralSphere": (
        r"B_t \leftarrow \mu B_{t-1} + (1-\mu) G_t",
        r"\Theta_t \leftarrow \text{retracted to } \lVert\Theta\rVert_2 = R",
        _down(r"\text{msign}(B_t+\lambda_t\,u v^\top),\ \langle u v^\top, \text{msign}\rangle = 0"),
    ),
    "StableAdamW": (
        *_MOMENTS,
        r"\eta_t \leftarrow \frac{\gamma}{\max(1,\,\text{rms}(g_t/\sqrt{\hat v_t}))}",
        _down(_ADAM, r"\eta_t"),
    ),
    "StableSPAM": (
        r"g_t \leftarrow \text{clip}(g_t,\,\text{average of}\max|g|)",
        r"g_t \leftarrow \frac{g_t}{\lVert g_t\rVert}\cdot\frac{\hat m^{\text{norm}}_t}{\sqrt{\hat v^{\text{norm}}_t}+\epsilon}",
        *_MOMENTS,
        _ADAM_STEP,
    ),
    "TAM": (
        r"s_t \leftarrow \lambda s_{t-1} + (1-\lambda)\cos(b_{t-1}, g_t)",
        r"b_t \leftarrow \mu b_{t-1} + \left(\epsilon+\frac{1+s_t}{2}\right) g_t",
        _down("b_t"),
    ),
    "TRAC": (
        r"\theta^{\text{base}}_t \leftarrow \text{base}(\theta_{t-1}, g_t)",
        r"h_t \leftarrow \langle g_t,\,\theta_{t-1}-\theta_0\rangle \text{ in each online learner}",
        r"\theta_t \leftarrow \theta_0 + S_t\,(\theta^{\text{base}}_t-\theta_0)",
    ),
    "Tiger": (
        _M.replace(r"\beta_1", r"\beta"),
        _down(r"\text{sign}(m_t)"),
    ),
    "VSGD": (
        r"\mu_g \leftarrow \text{posterior mean of the true gradient: a weighted mean of } \mu_g \text{ and } g_t",
        r"b_g, b_{\hat g} \leftarrow \text{rates of the precisions, averaged with } \rho_t = t^{-\tau}",
        _down(r"\frac{\mu_g}{\sqrt{\mu_g^2+\sigma_g^2}}"),
    ),
    "WSAM": (
        r"g \leftarrow \nabla f(\theta_{t-1}),\ h \leftarrow \nabla f(\theta_{t-1}+\rho\,g/\lVert g\rVert)",
        r"\theta_t \leftarrow \text{base}(\theta_{t-1}, g) - \gamma\frac{\kappa}{1-\kappa}(h-g)",
    ),
    "Yogi": (
        _M,
        r"v_t \leftarrow v_{t-1} - (1-\beta_2)\,\text{sign}(v_{t-1}-g_t^2)\,g_t^2",
        *_HATS,
        _ADAM_STEP,
    ),
}

FORMULAS: Final[Mapping[str, str]] = {
    name: r",\quad ".join(statements) for name, statements in _STATEMENTS.items()
}
