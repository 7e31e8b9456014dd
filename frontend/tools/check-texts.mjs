// Holds the Italian catalogue to the texts of the page, both ways: a text without Italian, and Italian that no text asks
// for any more. The build refuses the first as well, after half a minute; the second nothing else would notice.
// Another folder than `src` may be named, as the test of this check does.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';

import { HtmlParser, MessageBundle } from '@angular/compiler';
import ts from 'typescript';

const SOURCES = resolve(process.argv[2] ?? join(import.meta.dirname, '..', 'src'));

/** As the catalogue writes a text: without the spaces and line breaks that only lay out a template. */
function plain(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** The texts of a template: what is marked `i18n`, elements and attributes. */
function textsOfTemplate(template, file) {
  const bundle = new MessageBundle(new HtmlParser(), [], {}, 'en', false);
  const faults = bundle.updateFromTemplate(template, file);
  if (faults.length) throw new Error(`${file}: ${faults.map((fault) => fault.msg).join('; ')}`);
  return bundle.getMessages().map((message) => message.messageString);
}

/** The text of a `$localize` template: placeholders by the names behind them, or numbered. */
function textOfTag(literal) {
  if (ts.isNoSubstitutionTemplateLiteral(literal)) return literal.text;
  let unnamed = 0;
  return literal.templateSpans.reduce((text, { literal: { text: after } }) => {
    const named = /^:([^:]+):/.exec(after);
    const name = named?.[1] ?? (unnamed ? `PH_${unnamed}` : 'PH');
    if (!named) unnamed += 1;
    return `${text}{$${name}}${after.slice(named?.[0].length ?? 0)}`;
  }, literal.head.text);
}

/** The texts of a program: `$localize` and the templates in it. */
function textsOfProgram(program, file) {
  const texts = [];
  const look = (node) => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === '$localize') texts.push(textOfTag(node.template));
    const isTemplate = ts.isPropertyAssignment(node) && node.name.getText() === 'template';
    if (isTemplate && ts.isStringLiteralLike(node.initializer)) {
      texts.push(...textsOfTemplate(node.initializer.text, file));
    }
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(file, program, ts.ScriptTarget.Latest, true));
  return texts;
}

function textsOfFile(file) {
  const content = readFileSync(file, 'utf8');
  if (extname(file) === '.html') return textsOfTemplate(content, file);
  return textsOfProgram(content, file);
}

/** Where each text is first asked for. */
function asked() {
  const found = new Map();
  const isSource = (name) => /\.(html|ts)$/.test(name) && !/\.spec\.ts$/.test(name) && !name.includes('generated');
  for (const name of readdirSync(join(SOURCES, 'app'), { recursive: true }).filter(isSource).sort()) {
    for (const text of textsOfFile(join(SOURCES, 'app', name)).map(plain)) {
      if (!found.has(text)) found.set(text, name);
    }
  }
  return found;
}

/** Which file of the catalogue has each text. */
function translated() {
  const found = new Map();
  for (const name of readdirSync(join(SOURCES, 'locale')).filter((one) => /^it(\..+)?\.json$/.test(one))) {
    for (const text of Object.keys(JSON.parse(readFileSync(join(SOURCES, 'locale', name), 'utf8')))) {
      found.set(plain(text), name);
    }
  }
  return found;
}

const [texts, catalogue] = [asked(), translated()];
const faults = [
  ...[...texts]
    .filter(([text]) => !catalogue.has(text))
    .map(([text, file]) => `${file}: “${text}” has no Italian text.`),
  ...[...catalogue]
    .filter(([text]) => !texts.has(text))
    .map(([text, file]) => `${file}: nothing says “${text}” any more.`),
];
for (const fault of faults) console.error(fault);
if (faults.length) process.exit(1);
