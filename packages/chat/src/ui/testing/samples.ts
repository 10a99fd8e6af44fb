/** Answers that use every part of Markdown a model writes. */
export const RICH = `## Rotating logs without losing a line

The trick is that a **rename keeps the file handle alive**: the writer goes on writing into the old file until it reopens. So:

1. Rename \`app.log\` to \`app.log.1\`.
2. Tell the writer to reopen, for instance with \`SIGHUP\`.
3. Compress *only then*.
   - \`gzip -9\` is slow and gains 2 %.
   - \`zstd -3\` is a fair choice.

\`\`\`ts
import { rename } from 'node:fs/promises';

/** Rotates once; the writer reopens on SIGHUP. */
export async function rotate(path: string, keep = 5): Promise<void> {
  for (let n = keep - 1; n >= 1; n -= 1) {
    await rename(\`\${path}.\${n}\`, \`\${path}.\${n + 1}\`).catch(() => undefined); // missing is fine
  }
  await rename(path, \`\${path}.1\`);
  process.kill(process.pid, 'SIGHUP');
}
\`\`\`

| Way | Loses lines | Needs the writer | Cost |
| :-- | :--: | :--: | --: |
| \`copytruncate\` | **yes**, between copy and truncate | no | 2× I/O |
| rename + reopen | no | yes | none |
| a pipe to \`svlogd\` | no | yes | one process |

> Measure before you compress: on most machines the disk is idle and the CPU is not.

- [x] Rename
- [x] Reopen
- [ ] Compress

The space you need is $k \\cdot s$, with

$$
s = \\int_0^T r(t)\\,dt
$$

See [the manual](https://example.com/logrotate) and ![a diagram](https://images.example.com/rotate.png).
`;

export const PLAIN =
  'Yes. The file handle points to the inode, not to the name, so a rename does not disturb a writer that has it open.\n\nReopen it when you want the new name to be used.';

export const THINKING =
  'The user asks about log rotation. The central question is whether a rename loses lines.\n\nOn POSIX the descriptor refers to the inode, so it does not. I should contrast this with copytruncate, which has a window between the copy and the truncation.';

export const ARABIC = `## تدوير السجلات

إعادة التسمية **لا تفقد سطراً واحداً** لأن المقبض يشير إلى العقدة لا إلى الاسم.

1. أعد تسمية الملف \`app.log\`.
2. اطلب من الكاتب أن يفتحه من جديد.

\`\`\`sh
mv app.log app.log.1 && kill -HUP "$(cat app.pid)"
\`\`\`
`;

/** Everything that must stay text. */
export const HOSTILE = `Hello <img src=x onerror="window.pwned=1"> and <script>window.pwned=2</script>

<iframe src="javascript:parent.pwned=3"></iframe>

<div onclick="window.pwned=4" style="position:fixed;inset:0">overlay</div>

[click me](javascript:window.pwned=5) [data](data:text/html,<script>parent.pwned=6</script>) [ok](https://example.com/ok)

![tracker](https://tracker.invalid/pixel.png?secret=1) ![x](javascript:window.pwned=7)

<https://example.com/auto> <javascript:window.pwned=8> [ref]

[ref]: javascript:window.pwned=9

| <b onmouseover="window.pwned=10">cell</b> |
|---|
| a<br>b |

\`\`\`html"><img src=x onerror="window.pwned=11">
<script>window.pwned=12</script>
\`\`\`
`;

/** A long answer of every kind of block, at least `characters` long. */
export function longAnswer(characters: number): string {
  let text = '';
  for (let part = 1; text.length < characters; part += 1) {
    text += `## Part ${part}\n\nThis paragraph carries **some emphasis**, a \`code span\`, and a [link](https://example.com/${part}) into the text, so that inline lexing has work to do in each of them.\n\n`;
    text += Array.from({ length: 8 }, (_, n) => `- point ${n + 1} of part ${part}, with *words* to it`).join('\n');
    text += `\n\n\`\`\`ts\n${Array.from({ length: 12 }, (_, n) => `const value${n} = compute(${n}, 'part ${part}'); // step ${n}`).join('\n')}\n\`\`\`\n\n`;
    text += `| a | b | c |\n|---|---|---|\n${Array.from({ length: 6 }, (_, n) => `| ${n} | ${n * part} | text |`).join('\n')}\n\n`;
    text += `1. first\n2. second\n   - nested\n3. third\n\n> A quote to end part ${part}.\n\n`;
  }
  return text.slice(0, characters);
}
