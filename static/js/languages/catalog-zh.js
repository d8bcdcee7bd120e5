/**
 * 服务器目录里的英文说明的译文，以英文原文为键；没有译文的说明按原文显示。
 *
 * The catalog of the server speaks English. This is what it says in Chinese, by what it says; a text that is not here is
 * shown as it is.
 *
 * @type {Record<string, string>}
 */
export const catalogZh = {
  // 问题
  "One sample": "单个样本",
  "x = [[1, 2]], y = [[1]]: one sample, small enough to follow every gradient by hand. The loss can reach 0 in many ways.":
    "x = [[1, 2]]，y = [[1]]：只有一个样本，小到可以手算每个梯度。损失有很多种方式降到 0。",
  "Two blobs": "两团点",
  "Two overlapping clouds that a straight line parts almost as well as anything can.":
    "两团互相重叠的点：一条直线几乎就能分到最好。",
  XOR: "异或",
  "Four clouds, labelled by exclusive or: no straight line parts them, two hidden units can.":
    "四团点，按异或标注：没有直线能把它们分开，两个隐藏单元就可以。",
  "Two moons": "双月牙",
  "Two interleaved half circles: a bent boundary parts them.": "两个交错的半圆：需要弯曲的边界才能分开。",
  "Two circles": "同心圆",
  "A ring around a ring: the boundary has to close on itself, which takes three hidden units.":
    "一个圆环套着另一个：边界必须闭合，至少需要三个隐藏单元。",
  "Two spirals": "双螺旋",
  "Two arms wound around each other: the classic hard case, for wider networks and more steps.":
    "两条互相缠绕的旋臂：经典的难题，需要更宽的网络和更多的步数。",
  "Hill and valley": "山丘与谷地",
  "A smooth function of two variables, y = sin(πx₁) cos(πx₂ / 2): one hill, one valley, some noise.":
    "两个变量的光滑函数 y = sin(πx₁) cos(πx₂ / 2)：一座山丘、一处谷地，再加一点噪声。",
  "Rosenbrock's banana": "Rosenbrock 香蕉函数",
  "A curved, almost flat valley between steep walls. Finding the valley is easy; following it to the minimum takes momentum or patience.":
    "陡壁之间一条弯曲而几乎平坦的山谷。找到山谷很容易，沿着它走到极小值点则需要动量或耐心。",
  "Himmelblau's function": "Himmelblau 函数",
  "Four minima of equal value around one maximum, with a saddle between each two neighbours: which one is found depends on the optimizer as much as on the start.":
    "一个极大值点周围有四个等值的极小值点，相邻两个之间各有一个鞍点：最终到达哪一个，取决于起点，也同样取决于优化器。",
  "Beale's function": "Beale 函数",
  "A flat plain with steep corners: gradients differ by orders of magnitude between the start and the minimum, so that one learning rate hardly fits both.":
    "四角陡峭的平原：起点与极小值点处的梯度相差几个数量级，一个学习率很难同时适合两处。",
  "Rastrigin's function": "Rastrigin 函数",
  "A bowl full of regular dents: 121 minima within the bounds, of which the nine around the origin are listed with the saddles between them. Gradient methods end in a dent near the start unless momentum carries them out.":
    "布满规则小坑的碗：范围内有 121 个极小值点，这里列出原点周围的九个以及其间的鞍点。梯度法会停在起点附近的坑里，除非动量把它带出来。",
  "Strict saddle": "严格鞍点",
  "A saddle between two minima. Started near its ridge, gradient descent crawls towards the saddle and leaves it slowly; adaptive steps leave it at once.":
    "两个极小值点之间的鞍点。从脊线附近出发，梯度下降缓慢地爬向鞍点，又缓慢地离开；自适应的步长则立刻离开。",
  "Ill-conditioned bowl": "病态的碗",
  "A quadratic with condition number 100. Plain gradient descent zigzags across the bowl or crawls along it: its learning rate is bounded by the steep axis, its speed is set by the flat one.":
    "条件数为 100 的二次函数。普通梯度下降要么横着来回折返，要么慢慢爬行：学习率受陡轴限制，速度由缓轴决定。",
  "Booth's function": "Booth 函数",
  "A mild quadratic bowl whose axes are turned by 45 degrees: optimizers that scale each coordinate by itself lose their advantage.":
    "坐标轴旋转了 45 度的平缓二次碗：逐坐标缩放的优化器失去了优势。",
  "Six-hump camel": "六峰驼背函数",
  "Six minima, two of them global, and seven saddles in a small window: neighbouring starts end in different valleys.":
    "小小的窗口里有六个极小值点（其中两个是全局的）和七个鞍点：相邻的起点会落入不同的山谷。",
  "Styblinski-Tang": "Styblinski-Tang 函数",
  "Four minima of different depth in a smooth landscape; the deepest is the one at the lower left.":
    "光滑地形中的四个深浅不一的极小值点，最深的在左下方。",
  "Your own function": "自定义函数",
  "Any function of x and y that you write; torch differentiates it.":
    "任意写一个 x 和 y 的函数，由 torch 求导。",
  "Ackley's function": "Ackley 函数",
  "A funnel full of small dents whose bottom is the tip of a cone: the gradient does not fade there, so that a constant learning rate never settles. Of its many minima the global one is listed.":
    "布满小坑的漏斗，底部是圆锥的尖：那里的梯度不会消失，因此固定的学习率永远停不下来。众多极小值点中只列出全局的那个。",
  "Monkey saddle": "猴鞍",
  "Three valleys meet where gradient and Hessian both vanish: the most degenerate of the simple saddles. The quartic term is ours; it closes each valley with a minimum.":
    "三条山谷交会于梯度与 Hessian 同时为零的一点：简单鞍点中最退化的一种。四次项是我们加的，使每条山谷以一个极小值点收尾。",

  // 优化器
  "Steps against the gradient; momentum keeps a velocity that smooths and speeds it.":
    "沿梯度的反方向走一步；动量保留速度，使路径更平滑、更快。",
  "Divides each step by the root of all squared gradients so far, so rates only shrink.":
    "每一步都除以至今所有梯度平方和的平方根，因此学习率只会变小。",
  "Scales each step by the ratio of past updates to past gradients.":
    "用过去的更新量与过去的梯度之比来缩放每一步。",
  "Momentum divided by the root of the average squared gradient, both corrected for their start at zero.":
    "动量除以梯度平方均值的平方根，两者都对从零开始的偏差做了修正。",
  "Adam whose weight decay shrinks the weights directly instead of passing through the averages.":
    "权重衰减直接作用于权重、不经过滑动平均的 Adam。",
  "Adam with the largest recent gradient (infinity norm) in place of the root mean square.":
    "用近期最大的梯度（无穷范数）代替均方根的 Adam。",
  "Adam with Nesterov's look-ahead in its momentum.": "动量带有 Nesterov 前瞻的 Adam。",
  "Adam that trusts its squared average only once it has seen enough of it.":
    "积累到足够多的梯度之后才信任平方均值的 Adam。",
  "Divides the gradient by the root of its recent average square.": "用梯度近期的均方根去除梯度。",
  "Uses only the sign of each gradient; the step of a parameter grows while its sign holds.":
    "只用每个梯度的符号；符号不变时，该参数的步长增大。",
  "SGD with a decaying rate that also keeps the average of the parameters (in its state, not in the model).":
    "学习率逐渐衰减的 SGD，并保存参数的平均值（在状态里，不在模型里）。",
  "Keeps only row and column averages of the squared gradient of a matrix, and scales steps by the parameter's size.":
    "对矩阵的梯度平方只保存行均值和列均值，并按参数的大小缩放步长。",
  "Quasi-Newton: builds an approximate inverse Hessian from the last steps; evaluates the loss several times a step.":
    "拟牛顿法：由最近几步近似 Hessian 的逆；每一步要多次计算损失。",
  "Momentum whose matrix is made nearly orthogonal by Newton-Schulz; for 2-D weights only, the rest needs another optimizer.":
    "用 Newton-Schulz 迭代使动量矩阵近似正交；只适用于二维权重，其余参数需要另一个优化器。",
  "Adam that updates only the rows an embedding's sparse gradient touches.":
    "只更新嵌入的稀疏梯度所涉及的行的 Adam。",
  "SparseAdam takes sparse gradients only (of nn.Embedding(sparse=True)); a network of nn.Linear layers has dense ones, which it refuses.":
    "SparseAdam 只接受稀疏梯度（来自 nn.Embedding(sparse=True)）；由 nn.Linear 组成的网络的梯度是稠密的，会被它拒绝。",

  // 学习率调度与裁剪
  "The initial rate times any function of the epoch.": "初始学习率乘以 epoch 的任意函数。",
  "The rate of the last epoch times any function of the epoch.":
    "上一个 epoch 的学习率乘以 epoch 的任意函数。",
  "Multiplies the rate by gamma every step_size epochs.": "每 step_size 个 epoch 把学习率乘以 gamma。",
  "Multiplies the rate by gamma at every milestone.": "在每个 milestone 处把学习率乘以 gamma。",
  "Scales the rate by a factor for the first epochs, then gives it back.":
    "前几个 epoch 把学习率乘以一个系数，然后恢复。",
  "Moves the rate along a line between two factors: the usual warm-up.":
    "学习率在两个系数之间线性变化：最常用的预热。",
  "Multiplies the rate by gamma every epoch.": "每个 epoch 把学习率乘以 gamma。",
  "Lets the rate fall to zero along a power of the epochs that remain.": "学习率按剩余 epoch 数的幂降到零。",
  "Lets the rate fall along half a cosine, and rise again after T_max.":
    "学习率沿半个余弦下降，T_max 之后再上升。",
  "Falls along half a cosine, then starts anew, each cycle T_mult times as long.":
    "沿半个余弦下降后重新开始，每个周期的长度是前一个的 T_mult 倍。",
  "Runs the rate up and down between two bounds, and momentum against it.":
    "学习率在两个界限之间上下往返，动量反向变化。",
  "One cycle: up to max_lr, then down to almost nothing, with momentum against it.":
    "一个周期：升到 max_lr，再降到几乎为零，动量反向变化。",
  "Multiplies the rate by a factor once the loss has not improved for patience epochs.":
    "损失连续 patience 个 epoch 没有改善时，把学习率乘以一个系数。",
  "Several schedulers one after the other, changing at milestones.":
    "若干调度器依次进行，在 milestones 处切换。",
  "Several schedulers at once, each acting on what the others left.":
    "若干调度器同时进行，每个都作用于其他调度器的结果。",
  "Scales all gradients together so that their norm is at most max_norm; the direction stays.":
    "把所有梯度一起缩放，使其范数不超过 max_norm；方向不变。",
  "Cuts every element of every gradient to [-clip_value, clip_value]; the direction may change.":
    "把每个梯度的每个元素截断到 [-clip_value, clip_value]；方向可能改变。",

  // 超参数
  "Learning rate: the size of a step.": "学习率：一步的大小。",
  "How much of the last update is kept.": "上一次更新保留多少。",
  "How much of the new gradient momentum leaves out.": "动量中舍去新梯度的比例。",
  "Adds weight_decay x parameter to the gradient (L2).": "把 weight_decay × 参数 加到梯度上（L2）。",
  "Shrinks the weights directly (decoupled).": "直接缩小权重（解耦）。",
  "Look ahead along the velocity.": "沿速度方向前瞻。",
  "Look ahead along the velocity; needs momentum and no dampening.":
    "沿速度方向前瞻；需要 momentum，且 dampening 为 0。",
  "Climb instead of descend.": "上升而不是下降。",
  "Extra decay of the learning rate with the step.": "学习率随步数的额外衰减。",
  "Where the sum of squares starts.": "平方和的初始值。",
  "Smaller changes are not made.": "小于此值的变化不执行。",
  "Added to the denominator, against division by zero.": "加到分母上，防止除以零。",
  "Regularizers of the squared gradient and of the parameter's size.": "梯度平方与参数大小的正则项。",
  "Decay of both running averages.": "两个滑动平均的衰减率。",
  "Decay of the running averages of the gradient and of the infinity norm.":
    "梯度与无穷范数的滑动平均的衰减率。",
  "Decay of the running averages of the gradient and of the squared gradient.":
    "梯度与梯度平方的滑动平均的衰减率。",
  "Divide by the largest v seen so far (Reddi et al. 2018).": "除以至今最大的 v（Reddi 等，2018）。",
  "Decay the weights as AdamW does.": "像 AdamW 那样衰减权重。",
  "How fast the momentum warms up.": "动量预热的快慢。",
  "Power of the decay of the rate.": "学习率衰减的幂。",
  "Decay of the average squared gradient.": "梯度平方均值的衰减率。",
  "Divide by the standard deviation: subtract the squared mean gradient.": "除以标准差：减去平均梯度的平方。",
  "Factors by which a step shrinks (below 1) and grows (above 1).":
    "步长缩小（小于 1）和增大（大于 1）的系数。",
  "Smallest and largest step.": "最小和最大的步长。",
  "Decay term.": "衰减项。",
  "Step at which averaging starts.": "从哪一步开始求平均。",
  "Power of the step in the decay of the average.": "均值衰减率中步数的幂。",
  "Clips the root mean square of an update.": "截断更新量的均方根。",
  "Inner iterations of one step.": "一步之内的迭代次数。",
  "Evaluations of one step; null is 1.25 x max_iter.": "一步之内计算损失的次数；None 为 1.25 × max_iter。",
  "Stops at this largest gradient.": "最大梯度小于此值时停止。",
  "Stops at this change.": "变化小于此值时停止。",
  "Steps that the approximation remembers.": "近似所记住的步数。",
  "null, or strong_wolfe.": "None 或 strong_wolfe。",
  "Newton-Schulz iterations.": "Newton-Schulz 迭代次数。",
  "How the rate follows the shape of a matrix.": "学习率如何随矩阵的形状调整。",
  "The factor as an expression of epoch, the number of scheduler steps.":
    "系数，写成 epoch（调度器步数）的表达式。",
  "Epochs between two drops.": "两次下降之间的 epoch 数。",
  "Decay of the height (exp_range).": "峰高的衰减（exp_range）。",
  "Factor by which the rate is multiplied.": "学习率所乘的系数。",
  "Epochs at which the rate drops.": "学习率下降的 epoch。",
  "Factor of a reduction.": "每次降低所乘的系数。",
  "Factor until total_iters.": "total_iters 之前的系数。",
  "Epochs from start to end.": "从开始到结束的 epoch 数。",
  "Epochs until zero.": "降到零所用的 epoch 数。",
  "Epochs of the factor.": "系数生效的 epoch 数。",
  "Factor at the start.": "开始时的系数。",
  "Factor at the end.": "结束时的系数。",
  "The power; 1 is a line.": "幂；1 为直线。",
  "Epochs of half a period.": "半个周期的 epoch 数。",
  "The lowest rate.": "最低的学习率。",
  "Epochs of the first cycle.": "第一个周期的 epoch 数。",
  "Factor from cycle to cycle.": "相邻周期长度之比。",
  "The lower bound.": "下界。",
  "The upper bound.": "上界。",
  "The peak.": "峰值。",
  "Epochs of the way up.": "上升所用的 epoch 数。",
  "Epochs of the way down; null is as many.": "下降所用的 epoch 数；None 为与上升相同。",
  "Whether less or more is better.": "越小越好还是越大越好。",
  "How the height changes from cycle to cycle.": "峰高如何逐周期变化。",
  "What the decay counts.": "衰减按什么计数。",
  "Move momentum (or beta1) against the rate.": "让动量（或 beta1）与学习率反向变化。",
  "Momentum where the rate is highest.": "学习率最高处的动量。",
  "Momentum where the rate is lowest.": "学习率最低处的动量。",
  "Epochs of the cycle; a step beyond is an error.": "周期的 epoch 数；超出一步就会报错。",
  "With steps_per_epoch, instead of total_steps.": "与 steps_per_epoch 一起，代替 total_steps。",
  "With epochs, instead of total_steps.": "与 epochs 一起，代替 total_steps。",
  "Part of the cycle that goes up.": "周期中上升部分所占的比例。",
  "The curve.": "曲线的形状。",
  "Initial rate = max_lr / div_factor.": "初始学习率 = max_lr / div_factor。",
  "Final rate = initial rate / final_div_factor.": "最终学习率 = 初始学习率 / final_div_factor。",
  "Down as long as up, then the rest.": "下降与上升等长，然后是余下的部分。",
  "Epochs without improvement that are borne.": "容忍多少个没有改善的 epoch。",
  "What counts as an improvement.": "多大的变化才算改善。",
  "Whether the threshold is relative.": "阈值是否为相对值。",
  "Epochs of rest after a reduction.": "降低之后休息的 epoch 数。",
  "The largest norm of all gradients together.": "所有梯度合起来的最大范数。",
  "Which p-norm is meant; inf is the largest element.": "采用哪种 p-范数；inf 为最大元素。",
  "The largest magnitude of an element.": "单个元素的最大绝对值。",

  // 优化器的状态
  "Steps taken.": "已走的步数。",
  "The velocity b: decayed sum of gradients.": "速度 b：衰减的梯度之和。",
  "Sum of squared gradients.": "梯度平方之和。",
  "Running average of the squared gradient.": "梯度平方的滑动平均。",
  "Running average of the squared update.": "更新量平方的滑动平均。",
  "Running average of the gradient, m.": "梯度的滑动平均 m。",
  "Running average of the squared gradient, v.": "梯度平方的滑动平均 v。",
  "Largest v so far (amsgrad).": "至今最大的 v（amsgrad）。",
  "Decayed largest gradient, u.": "衰减的最大梯度 u。",
  "Product of the momentum factors so far.": "至今各动量系数之积。",
  "Velocity (with momentum).": "速度（使用动量时）。",
  "Running average of the gradient (centered).": "梯度的滑动平均（centered）。",
  "The last gradient.": "上一次的梯度。",
  "The step of each parameter.": "每个参数的步长。",
  "The decayed rate.": "衰减后的学习率。",
  "Weight of a new point in the average.": "新的点在平均中的权重。",
  "The averaged parameters.": "平均后的参数。",
  "Average squared gradient of each row.": "每一行梯度平方的平均。",
  "Average squared gradient of each column.": "每一列梯度平方的平均。",
  "Average squared gradient (of a vector).": "梯度平方的平均（向量）。",
  "Evaluations so far.": "至今计算损失的次数。",
  "Inner iterations so far.": "至今的内部迭代次数。",
  "Direction of the last inner step.": "最后一次内部迭代的方向。",
  "Length of the last inner step.": "最后一次内部迭代的步长。",
  "Initial scale of the inverse Hessian.": "Hessian 逆的初始尺度。",
  "The gradient before.": "之前的梯度。",
  "The loss before.": "之前的损失。",
  "The velocity: decayed average of gradients.": "速度：衰减的梯度平均。",

  // 现成的调度
  "Linear warm-up, then cosine": "线性预热，再余弦下降",
  "Rises along a line for a tenth of the run, then falls along half a cosine to zero.":
    "前十分之一沿直线上升，然后沿半个余弦降到零。",
  "Warm-up, stable, decay": "预热、稳定、衰减",
  "Rises, stays for most of the run, and falls along a line in its last fifth, which a longer run puts off.":
    "先上升，大部分时间保持不变，最后五分之一沿直线下降；运行更长时，下降相应推迟。",
  "Linear warm-up, then linear decay": "线性预热，再线性衰减",
  "Rises along a line for a tenth of the run, then falls along a line to zero: how BERT is tuned.":
    "前十分之一沿直线上升，然后沿直线降到零：BERT 就是这样微调的。",
  "Warm-up, then inverse square root": "预热，再按平方根倒数下降",
  "Rises along a line for a tenth of the run, then falls with the root of the step.":
    "前十分之一沿直线上升，然后按步数平方根的倒数下降。",
  "Two drops": "两次下降",
  "Falls to a tenth after half of the run, and to a hundredth after three quarters.":
    "过半时降到十分之一，四分之三时降到百分之一。",
  "Cosine with warm restarts": "带热重启的余弦",
  "Falls along half a cosine three times, each time twice as long, starting anew at the full rate.":
    "沿半个余弦下降三次，每次长一倍，每次都从完整的学习率重新开始。",
  "One cycle": "单周期",
  "One rise and one fall over the whole run, with momentum moving against it.":
    "整个运行中升一次、降一次，动量与之反向。",
  "Triangular cycles": "三角循环",
  "Four times up from a tenth of the rate and down again, to find out which rates work.":
    "从十分之一的学习率升起再降回，共四次，用来找出合适的学习率。",
  "Reflected exponential (REX)": "反射指数（REX）",
  "Falls slowly at first and fast at the end, for runs whose length is known to be short.":
    "先慢后快地下降，适合已知较短的运行。",
  // 曲率与稳定界
  "gradient descent": "梯度下降",
  "heavy ball": "重球动量",
  "dampened heavy ball": "带阻尼的重球动量",
  "Nesterov momentum": "Nesterov 动量",
  "preconditioned, Adam": "预条件，Adam",
  "preconditioned, AdamW": "预条件，AdamW",
  "preconditioned, Adamax": "预条件，Adamax",
  "preconditioned, Adagrad": "预条件，Adagrad",
  "preconditioned, RMSprop": "预条件，RMSprop",
  "No bound is known for this optimizer.": "这个优化器没有已知的界。",
  "With maximize the loss is climbed, so there is no bound to stay below.":
    "设置 maximize 后是在升高损失，没有需要保持在其下的界。",
  "With a dampening of 1 only the first gradient ever enters the momentum, so there is no bound.":
    "dampening 为 1 时只有第一个梯度进入动量，因此没有界。",
  "The param groups use different kinds of momentum, so they have no bound in common.":
    "各参数组使用不同类型的动量，因此没有共同的界。",
  "Gradients add up over the steps, as zero_grad() is not called, so the bound does not hold.":
    "没有调用 zero_grad()，梯度会逐步累加，因此界不成立。",
};
