/**
 * 运行提前结束的原因：服务器的英文原句（花括号处为填入的内容）与译文。
 *
 * @type {[string, string][]}
 */
export const endsZh = [
  ["diverged at step {step}: the loss is no longer a number", "在第 {step} 步发散：损失已不再是一个数"],
  ["diverged at step {step}: {name} is no longer finite", "在第 {step} 步发散：{name} 已不再有限"],
  ["failed after step {step}: {why}", "在第 {step} 步之后失败：{why}"],
  ["paused after step {step}", "在第 {step} 步之后暂停"],
  ["paused before the first record", "在第一条记录之前暂停"],
];
