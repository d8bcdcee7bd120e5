/**
 * 服务器关于保存运行的说明：英文原句（花括号处为填入的内容）与译文。
 *
 * @type {[string, string][]}
 */
export const storageZh = [
  [
    "no space is left for runs: free some on the disk, or delete runs; nothing is lost",
    "没有空间保存运行了：请清理磁盘，或删除一些运行；没有丢失任何内容",
  ],
  [
    "the database of runs is damaged: move it away and start the server again",
    "保存运行的数据库已损坏：请把它移走，再重新启动服务器",
  ],
  ["the data directory cannot be used: {error}", "数据目录无法使用：{error}"],
  ["another Optiscope server uses this data directory", "另一个 Optiscope 服务器正在使用这个数据目录"],
  ["the server is shutting down", "服务器正在关闭"],
];
