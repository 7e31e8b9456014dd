// Refuses a build whose first load is over the limit: everything that index.html names, compressed as a server would.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 350;
const BROWSER = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'browser');

function firstLoad(locale) {
  const folder = resolve(BROWSER, locale);
  const index = readFileSync(resolve(folder, 'index.html'), 'utf8');
  const named = [...index.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((found) => found[1]);
  const files = new Set(['index.html', ...named]);
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(resolve(folder, file)), { level: 6 }).length;
  return bytes / 1000;
}

let isOver = false;
for (const locale of readdirSync(BROWSER)) {
  const size = firstLoad(locale);
  console.log(`First load of /${locale}/: ${size.toFixed(0)} kB compressed, of at most ${LIMIT_KB}`);
  isOver ||= size > LIMIT_KB;
}
if (isOver) {
  console.error('The first load is over its limit: move what is not needed at once into a lazy route.');
  process.exit(1);
}
