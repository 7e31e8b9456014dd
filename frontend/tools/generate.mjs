// Writes what the page's sources need and nobody should copy by hand: the contracts' ABIs from the compiler's artefacts,
// the types of the service's answers from its OpenAPI document, and the Italian catalogue keyed as Angular wants it, from
// `src/locale/it*.json`, which are keyed by the English text.
// Files are rewritten only when they change, so that builds stay incremental.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { computeMsgId } from '@angular/compiler';
import openapiTS, { astToString } from 'openapi-typescript';

const PAGE = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ARTEFACTS = resolve(PAGE, '..', 'build', 'contracts');

/** Contracts that the page calls or reads events of. */
const CONTRACTS = [
  'Community',
  'CommunityFactory',
  'CommunityToken',
  'CommunityWorks',
  'GoodsLoans',
  'GroupPurchases',
  'Marketplace',
  'MeasurementNotary',
  'OracleQuorum',
  'Refuter',
  'RewardModels',
  'ServiceExchange',
  'SessionHandler',
  'SettlementEuro',
  'StakeholderDesk',
  'TreeDemands',
  'Treasury',
];

function writeIfChanged(file, content) {
  let before = null;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    mkdirSync(dirname(file), { recursive: true });
  }
  if (before !== content) writeFileSync(file, content);
}

function abiOf(contract) {
  const file = resolve(ARTEFACTS, `${contract}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')).abi;
  } catch (error) {
    console.error(`The page needs the compiled contract ${contract} (${error.message}). Run \`make setup\` first.`);
    process.exit(2);
  }
}

/** Drops what viem does not read, and constructors: `internalType` alone is a third of an ABI. */
function slim(value) {
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'internalType')
      .map(([key, item]) => [key, slim(item)]),
  );
}

function abis() {
  const lines = ['// Written by tools/generate.mjs from build/contracts; not to be edited.', ''];
  for (const contract of CONTRACTS) {
    const abi = slim(abiOf(contract).filter((item) => item.type !== 'constructor'));
    const name = contract[0].toLowerCase() + contract.slice(1) + 'Abi';
    lines.push(`export const ${name} = ${JSON.stringify(abi)} as const;`, '');
  }
  return lines.join('\n');
}

/** All files of Italian texts: `it.json`, and one per area such as `it.services.json`. No text may say two things. */
function catalogueOf() {
  const catalogue = {};
  for (const file of readdirSync(resolve(PAGE, 'src/locale'))
    .filter((name) => /^it(\..+)?\.json$/.test(name))
    .sort()) {
    for (const [english, text] of Object.entries(JSON.parse(readFileSync(resolve(PAGE, 'src/locale', file), 'utf8')))) {
      if (catalogue[english] !== undefined && catalogue[english] !== text) {
        console.error(`“${english}” has two Italian texts, the second in ${file}. Keep one.`);
        process.exit(2);
      }
      catalogue[english] = text;
    }
  }
  return catalogue;
}

function italian() {
  const catalogue = catalogueOf();
  const translations = {};
  for (const [english, text] of Object.entries(catalogue)) {
    // Templates keep a space where a line breaks between a tag and its text: the same message to a reader.
    for (const [before, after] of [
      ['', ''],
      [' ', ' '],
      [' ', ''],
      ['', ' '],
    ]) {
      translations[computeMsgId(before + english + after)] = before + text + after;
    }
  }
  return JSON.stringify({ locale: 'it', translations }, null, 1) + '\n';
}

/** The types of the service's answers, from the description that it commits. */
async function schema() {
  const nodes = await openapiTS(readFileSync(resolve(PAGE, '..', 'api', 'openapi.json'), 'utf8'));
  return '// Written by tools/generate.mjs from api/openapi.json; not to be edited.\n' + astToString(nodes);
}

writeIfChanged(resolve(PAGE, 'src/app/core/chain/generated/abis.ts'), abis());
writeIfChanged(resolve(PAGE, 'src/app/core/api/generated/schema.ts'), await schema());
writeIfChanged(resolve(PAGE, 'src/locale/generated/messages.it.json'), italian());
