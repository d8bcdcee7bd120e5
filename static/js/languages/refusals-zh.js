/**
 * 服务器拒绝某项配置的理由：英文原句（花括号处为填入的内容）与译文。更具体的在前。
 *
 * @type {[string, string][]}
 */
export const refusalsZh = [
  ["{field} must be at least {bound}, got {value}", "{field} 不得小于 {bound}，而给出的是 {value}"],
  [
    "{field} must be at most {bound} characters, got {value}",
    "{field} 最多 {bound} 个字符，而给出的有 {value} 个",
  ],
  ["{field} must be at most {bound}, got {value}", "{field} 不得大于 {bound}，而给出的是 {value}"],
  ["{field} must be greater than {bound}, got {value}", "{field} 必须大于 {bound}，而给出的是 {value}"],
  ["{field} must be less than {bound}, got {value}", "{field} 必须小于 {bound}，而给出的是 {value}"],
  [
    "{field} must be between {low} and {high}, got {value}",
    "{field} 必须在 {low} 与 {high} 之间，而给出的是 {value}",
  ],
  ["{field} must be a finite number, got {value}", "{field} 必须是有限的数，而给出的是 {value}"],
  ["{field} must be a whole number, got {value}", "{field} 必须是整数，而给出的是 {value}"],
  ["{field} must be a number, got {value}", "{field} 必须是一个数，而给出的是 {value}"],
  ["{field} must be true or false, got {value}", "{field} 必须是 true 或 false，而给出的是 {value}"],
  ["{field} must be one of {choices}, got {value}", "{field} 必须是 {choices} 之一，而给出的是 {value}"],
  ["{field} must be a list of whole numbers, got {value}", "{field} 必须是一列整数，而给出的是 {value}"],
  [
    "{field} must have at most {bound} entries, got {value}",
    "{field} 最多 {bound} 项，而给出的有 {value} 项",
  ],
  [
    "{field} must have at least {bound} entries, got {value}",
    "{field} 至少 {bound} 项，而给出的有 {value} 项",
  ],
  ["{field} must not be null", "{field} 不得为空"],
  [
    "every parameter is frozen at step {step}: nothing is left to train",
    "在第 {step} 步所有参数都被冻结：没有可训练的了",
  ],
  [
    "steps must be at most {most} for a network of {parameters} parameters, got {steps}",
    "对有 {parameters} 个参数的网络，steps 不得大于 {most}，而给出的是 {steps}",
  ],
  [
    "to_step must be greater than from_step ({from}), got {to}",
    "to_step 必须大于 from_step（{from}），而给出的是 {to}",
  ],
];
