/**
 * 服务器目录里的英文说明的译文，以英文原文为键；没有译文的说明按原文显示。
 *
 * The catalog of the server speaks English. This is what it says in Chinese, by what it says; a text that is not here is
 * shown as it is.
 *
 * @type {Record<string, string>}
 */
export const catalogZh = {
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
