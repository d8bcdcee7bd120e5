/**
 * 服务器对训练配方的提醒：英文原句（花括号处为填入的内容）与译文。
 *
 * @type {[string, string][]}
 */
export const lintZh = [
  [
    "scheduler.step() comes before optimizer.step(), so the first value of the schedule is skipped and every step uses the rate of the next: call it after optimizer.step().",
    "scheduler.step() 在 optimizer.step() 之前调用，于是调度的第一个值被跳过，每一步用的都是下一步的学习率：请在 optimizer.step() 之后调用它。",
  ],
  [
    "Gradients are never cleared, so each step uses the sum of all gradients so far, which acts like momentum without decay: call optimizer.zero_grad() in every step.",
    "梯度从未清零，每一步用的是至今所有梯度之和，相当于不衰减的动量：请在每一步调用 optimizer.zero_grad()。",
  ],
  [
    "{params} keeps {keeps} as .grad while frozen, so optimizer.step() still moves it, by gradient, momentum or weight decay: set .grad to None when freezing, as clear_grad does.",
    "{params} 冻结期间 .grad 仍保留着旧值（或零），optimizer.step() 仍会通过梯度、动量或权重衰减移动它：冻结时请把 .grad 设为 None，clear_grad 就是这样做的。",
  ],
  [
    "{params} would be frozen from step {from} on, but the run has only {steps} steps: lower from_step or lengthen the run.",
    "{params} 要从第 {from} 步起冻结，但运行只有 {steps} 步：请调小 from_step 或延长运行。",
  ],
  [
    "{name} keeps its averages of {params} while it is frozen, so the first step after {to} follows gradients from before {from}: expect a jump, or begin with a new optimizer there.",
    "{params} 冻结期间，{name} 保留着它的滑动平均，因此第 {to} 步之后的第一步会沿用第 {from} 步之前的梯度：会出现一次跳动，或者在那里换用新的优化器。",
  ],
  [
    "batch_size {size} changes nothing, since the dataset has {samples}: every step sees all of it in order. Leave it out or make it smaller.",
    "batch_size {size} 不起作用，因为数据集只有 {samples} 个样本：每一步都按顺序看到全部样本。请去掉它或调小。",
  ],
  [
    "batch_size {size} changes nothing, since there is no data: every step sees all of it in order. Leave it out or make it smaller.",
    "batch_size {size} 不起作用，因为这里没有数据。请去掉它。",
  ],
  [
    "No sample activates any ReLU of {layer} at the start, so neither it nor the layers before it get any gradient: take another seed, more units or another activation.",
    "开始时没有样本能激活 {layer} 的任何 ReLU，因此它和它之前的层都得不到梯度：请换一个种子、增加单元或换一种激活函数。",
  ],
  [
    "No param group holds {names}, so it is never trained, and optimizer.zero_grad() never clears the gradient there: put it into a group, or freeze it.",
    "没有参数组包含 {names}，因此它不会被训练，optimizer.zero_grad() 也不会清除它的梯度：请把它放进某个组，或将它冻结。",
  ],
  [
    "No param group holds {names}, so they are never trained, and optimizer.zero_grad() never clears the gradient there: put them into a group, or freeze them.",
    "没有参数组包含 {names}，因此它们不会被训练，optimizer.zero_grad() 也不会清除它们的梯度：请把它们放进某个组，或将它们冻结。",
  ],
  [
    "No param group holds {names}, so {they} never trained, and optimizer.zero_grad() never clears the gradient there, and that counts in the clipped norm: put {it} into a group, or freeze {them}.",
    "没有参数组包含 {names}，因此不会被训练，optimizer.zero_grad() 也不会清除那里的梯度，而这些梯度仍计入裁剪的范数：请放进某个组，或将其冻结。",
  ],
  [
    "{name} adds weight_decay {value} to the gradient and then divides it by the gradient's own size, so weights with large gradients hardly decay: use AdamW, or set decoupled_weight_decay, if decay is what you mean.",
    "{name} 把 weight_decay {value} 加到梯度上，再除以梯度自身的大小，因此梯度大的权重几乎不衰减：如果要的是权重衰减，请用 AdamW，或设置 decoupled_weight_decay。",
  ],
  [
    "{name} adds weight_decay {value} to the gradient and then divides it by the gradient's own size, so weights with large gradients hardly decay: set decoupled_weight_decay, if decay is what you mean.",
    "{name} 把 weight_decay {value} 加到梯度上，再除以梯度自身的大小，因此梯度大的权重几乎不衰减：如果要的是权重衰减，请设置 decoupled_weight_decay。",
  ],
  [
    "A learning rate of 0 moves nothing: raise it, or freeze the layer to say so.",
    "学习率为 0 时什么都不会动：请调大它，或明确地冻结该层。",
  ],
  [
    "maximize makes every step climb, and what is recorded here is a loss: leave it off to minimise it.",
    "maximize 使每一步都往上走，而这里记录的是损失：要减小损失请关掉它。",
  ],
  [
    "With a momentum of 1 the velocity forgets nothing, so steps never die down, even at the minimum: stay below 1, as with 0.9.",
    "动量为 1 时速度什么都不会忘记，即使到了极小值步子也不会减小：请小于 1，例如 0.9。",
  ],
  [
    "With a dampening of 1 no gradient after the first enters the velocity, which only decays: lower it, 0 is usual.",
    "dampening 为 1 时，第一个之后的梯度都不会进入速度，速度只会衰减：请调小它，通常为 0。",
  ],
  [
    "With eps 0 a parameter whose gradient is 0, as behind a dead ReLU, is moved by 0 / 0 = NaN: keep eps above 0.",
    "eps 为 0 时，梯度为 0 的参数（例如在死亡的 ReLU 之后）会被移动 0 / 0 = NaN：请让 eps 大于 0。",
  ],
  [
    "ASGD averages from step t0 = {value} on, after the end of this run of {steps} steps, so its average ax is only the last point: lower t0.",
    "ASGD 从第 t0 = {value} 步才开始求平均，而这次运行只有 {steps} 步，因此平均值 ax 只是最后一点：请调小 t0。",
  ],
  [
    "Adadelta finds the size of its steps itself, and lr {lr} only shrinks them: begin with torch's 1.0.",
    "Adadelta 自己决定步长，lr {lr} 只会把它缩小：请从 torch 的默认值 1.0 开始。",
  ],
  [
    "Rprop grows a step while the sign of a gradient holds, which the noise of minibatches flips: leave batch_size out.",
    "Rprop 在梯度符号不变时增大步长，而小批量的噪声会使符号翻转：请去掉 batch_size。",
  ],
  [
    "LBFGS learns curvature from differences of gradients, which between two minibatches are noise: leave batch_size out.",
    "LBFGS 由梯度之差学习曲率，而两个小批量之间的差只是噪声：请去掉 batch_size。",
  ],
  [
    "LBFGS takes every step of its quadratic model at full length, which may go far off on a loss that is not convex: set line_search_fn to strong_wolfe.",
    "LBFGS 按二次模型走足每一步，在非凸的损失上可能偏得很远：请把 line_search_fn 设为 strong_wolfe。",
  ],
  [
    "LBFGS builds its curvature on gradients, and clipped ones do not belong to the loss that it measures: leave clipping out, its line search bounds the steps.",
    "LBFGS 由梯度建立曲率，而裁剪后的梯度与它所度量的损失不符：请去掉裁剪，线搜索会限制步长。",
  ],
  [
    "{name} is meant for hidden matrices, and also trains the output layer {layer} here: its authors give that to AdamW. Name the hidden weights in param_groups.",
    "{name} 适用于隐藏层的矩阵，而这里它也在训练输出层 {layer}：其作者把输出层交给 AdamW。请在 param_groups 中只列出隐藏层的权重。",
  ],
  [
    "OneCycleLR allows {total} calls of scheduler.step() and the run makes {calls}, so torch raises an error after step {step}: set total_steps to {all}.",
    "OneCycleLR 允许调用 scheduler.step() {total} 次，而运行会调用 {calls} 次，torch 会在第 {step} 步之后报错：请把 total_steps 设为 {all}。",
  ],
  [
    "{name} warms up for {length} scheduler steps and has {calls}, so the full rate is never reached: shorten the warm-up, to a tenth of the run for instance.",
    "{name} 的预热需要 {length} 个调度步，而它只有 {calls} 个，因此永远达不到完整的学习率：请缩短预热，例如取运行的十分之一。",
  ],
  [
    "{name} is planned for {planned} scheduler steps and has {calls}, so it stops after {part} of its way, with the rate still high: set {argument} to {all}.",
    "{name} 按 {planned} 个调度步安排，而它只有 {calls} 个，走到 {part} 就结束了，此时学习率仍然很高：请把 {argument} 设为 {all}。",
  ],
  [
    "T_max is half a period: the rate is lowest after {lowest} scheduler steps and then rises again, for the {left} that are left: set T_max to {all}, or use CosineAnnealingWarmRestarts if restarts are meant.",
    "T_max 是半个周期：学习率在 {lowest} 个调度步后降到最低，然后在余下的 {left} 步里又升高：请把 T_max 设为 {all}；若要重启，请用 CosineAnnealingWarmRestarts。",
  ],
  [
    "Milestone {mark} does not come after {before}, so a part of SequentialLR is skipped or started twice: list the milestones in increasing order.",
    "里程碑 {mark} 没有排在 {before} 之后，SequentialLR 的某一段会被跳过或启动两次：请按递增顺序列出里程碑。",
  ],
  [
    "{name} would take over at scheduler step {mark}, and there are {calls}: lower the milestone or lengthen the run.",
    "{name} 要在第 {mark} 个调度步接手，而总共只有 {calls} 个：请把里程碑提前或延长运行。",
  ],
  [
    "{name} computes the rate anew from its start, so in a chain it overwrites what the others did, and those after it act for one step only: chain schedulers that multiply the present rate, or use SequentialLR.",
    "{name} 每次都从初始值重新计算学习率，在链中会覆盖其他调度器的结果，它后面的也只作用一步：请串联那些对当前学习率做乘法的调度器，或改用 SequentialLR。",
  ],
  [
    "{name} sets the learning rate of the optimizer when it is made, so the other parts start from its lowest rate and not from lr: use it alone.",
    "{name} 在创建时就会改写优化器的学习率，其他片段会从它的最低学习率而不是 lr 开始：请单独使用它。",
  ],
  [
    "{name} moves every group between its own rates, so lr {lr} of {params} is never used: give max_lr as a list with a value for each group.",
    "{name} 让每个组都在它自己的学习率之间变化，{params} 的 lr {lr} 不会被用到：请把 max_lr 写成列表，每组一个值。",
  ],
  [
    "{name} moves every group between its own rates, so lr {lr} of {params} is never used: give max_lr and base_lr as a list with a value for each group.",
    "{name} 让每个组都在它自己的学习率之间变化，{params} 的 lr {lr} 不会被用到：请把 max_lr 和 base_lr 写成列表，每组一个值。",
  ],
  [
    "The schedule ends the run: it {detail}. Change it, or let the run be no longer.",
    "这个调度会使运行中断：{detail}。请修改它，或缩短运行。",
  ],
  [
    "The learning rate is negative at step {step}, so it climbs: keep the factors at 0 or above.",
    "第 {step} 步的学习率为负，损失会上升：请让系数不小于 0。",
  ],
  [
    "The scheduler never changes the learning rate in these {steps} steps: let it begin earlier, lengthen the run, or leave it out.",
    "在这 {steps} 步里调度器从未改变学习率：请让它更早开始、延长运行，或去掉它。",
  ],
  [
    "From step {from} of {steps} on the learning rate is below {part} of its peak {peak}, so the last {last} steps hardly move anything: decay more slowly, or end at a higher rate.",
    "共 {steps} 步，从第 {from} 步起学习率低于峰值 {peak} 的 {part} 倍，最后 {last} 步几乎不动：请衰减得慢一些，或以更高的学习率结束。",
  ],
  [
    "mode max waits for the loss to rise and lowers the rate while it falls: use min for a loss.",
    "mode 为 max 时等待的是损失上升，损失下降时反而降低学习率：对损失请用 min。",
  ],
  [
    "A patience of {patience} outlasts the run's {calls} scheduler steps, so the rate is never reduced: lower it or lengthen the run.",
    "patience 为 {patience}，超过了运行的 {calls} 个调度步，学习率永远不会降低：请调小它或延长运行。",
  ],
  [
    "ReduceLROnPlateau sees the loss of one minibatch at a time, whose noise looks like a plateau: raise patience and threshold, or leave batch_size out.",
    "ReduceLROnPlateau 每次只看到一个小批量的损失，其噪声看起来像平台期：请调大 patience 和 threshold，或去掉 batch_size。",
  ],
  [
    "Adagrad divides by the root of all squared gradients so far, so its steps already shrink, and this schedule shrinks them again: leave the schedule out, or take RMSprop or Adam.",
    "Adagrad 会除以至今所有梯度平方和的平方根，步长本来就在缩小，这个调度又缩小一次：请去掉调度，或改用 RMSprop 或 Adam。",
  ],
  [
    "lr {lr} is above {formula} = {bound}, the bound of stability of this quadratic loss (λ = {sharpness}, its largest curvature), so every step makes the error along that direction larger: go below it.",
    "lr {lr} 高于 {formula} = {bound}，即这个二次损失的稳定界（λ = {sharpness}，最大曲率），每一步都会放大该方向上的误差：请取更小的值。",
  ],
  [
    "lr {lr} is above {formula} = {bound}, the bound of stability at the initial parameters (λ = {sharpness}, the largest eigenvalue of the Hessian of the full-batch loss there), so the first steps overshoot along that direction, until they find a flatter place or diverge: begin below it, or warm up.",
    "lr {lr} 高于 {formula} = {bound}，即初始参数处的稳定界（λ = {sharpness}，该处全批量损失的 Hessian 的最大特征值），最初几步会沿该方向冲过头，直到找到更平坦的地方或发散：请从更小的值开始，或先预热。",
  ],
];
