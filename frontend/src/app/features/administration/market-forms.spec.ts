import { signal, type Type } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';

import { ChainService, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { roleDigest, type RoleName } from '../../core/chain/roles';
import { SessionsService } from '../../core/chain/sessions';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { TransactionService } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Leftovers } from './leftovers';
import { OperatorSetForm } from './operator-set';
import { WindowLimitsForm } from './window-limits';

const OWN: Hex = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const [ONE, TWO, THREE, FOUR]: readonly Hex[] = [1, 2, 3, 4].map((at): Hex => `0x${String(at).repeat(40)}`);
const NOW = 1000;
const [SESSIONS, QUORUM, MARKET]: readonly Hex[] = ['0x5e', '0x90', '0x3a'];

/** A form over a chain that answers `answers`, looked at by the holder of `role`; what it asks to be signed. */
async function open<T>(
  form: Type<T>,
  role: RoleName | null,
  answers: Readonly<Record<string, (args: readonly unknown[]) => unknown>>,
  events: readonly Partial<ChainEvent>[] = [],
): Promise<{ fixture: ComponentFixture<T>; said: () => string; signed: Call[] }> {
  const signed: Call[] = [];
  const community = { contracts: { sessions: SESSIONS, quorum: QUORUM, marketplace: MARKET }, firstBlock: 1 };
  const client = {
    readContract: ({ functionName, args }: { functionName: string; args?: readonly unknown[] }) =>
      Promise.resolve(answers[functionName](args ?? [])),
  };
  const chain = {
    head: signal({ number: 7 }),
    now: () => NOW,
    require: () => client,
    events: () => Promise.resolve(events),
  };
  const hasRole = (digest: Hex): Promise<boolean> => Promise.resolve(role !== null && digest === roleDigest(role));
  const run = (call: Call): Promise<void> => Promise.resolve(void signed.push(call));
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: ChainService, useValue: chain },
      { provide: CommunityService, useValue: { community: signal(community), require: () => community, hasRole } },
      { provide: SessionsService, useValue: { count: () => Promise.resolve(3) } },
      { provide: WalletService, useValue: { account: signal(OWN), connection: signal({}), isOnNetwork: () => true } },
      { provide: TransactionService, useValue: { run, sentence: String } },
    ],
  });
  const fixture = TestBed.createComponent(form);
  await settled(fixture);
  const said = (): string => (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ');
  return { fixture, said, signed };
}

/** Lets what the form reads arrive, and show: the answers are all there already, a turn of the loop away. */
async function settled(fixture: ComponentFixture<unknown>): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  }
}

async function write(fixture: ComponentFixture<unknown>, field: string, text: string): Promise<void> {
  const input = (fixture.nativeElement as HTMLElement).querySelector<HTMLInputElement>(`[data-field='${field}']`);
  if (!input) throw new Error(`there is no field ${field}`);
  input.value = text;
  input.dispatchEvent(new Event('input'));
  await settled(fixture);
}

function button(fixture: ComponentFixture<unknown>): HTMLButtonElement {
  const found = (fixture.nativeElement as HTMLElement).querySelector('button');
  if (!found) throw new Error('there is no button');
  return found;
}

describe('the form for least windows', () => {
  const limits = { commit: 60, reveal: 60, challenge: 60, settlement: 600, execution: 600 };
  const answers = { windowLimits: () => limits };

  it('who has not the role: reads them and has no form', async () => {
    const { fixture, said } = await open(WindowLimitsForm, 'MARKET_OPERATOR', answers);
    expect(said()).toContain('Now: 1 min for orders');
    expect(fixture.nativeElement.querySelector('input, button')).toBeNull();
  });

  it('a figure that is none: nothing can be signed', async () => {
    const { fixture, said } = await open(WindowLimitsForm, 'COMMUNITY_ADMIN', answers);
    expect(button(fixture).disabled).toBe(true);
    await write(fixture, 'least-commit', 'an hour');
    expect(said()).toContain('Each is a whole number');
    expect(button(fixture).disabled).toBe(true);
  });

  it('one figure is written: what is signed is said, the others as they are', async () => {
    const { fixture, said, signed } = await open(WindowLimitsForm, 'COMMUNITY_ADMIN', answers);
    await write(fixture, 'least-commit', '90');
    expect(said()).toContain('leaves at least 1 h 30 min for orders, 1 min to reveal them');
    button(fixture).click();
    await settled(fixture);
    const args = [{ ...limits, commit: 5400 }];
    expect(signed).toMatchObject([{ address: SESSIONS, functionName: 'setWindowLimits', args }]);
  });
});

describe('the form for another set of operators', () => {
  const scheduled = (setId: number, operators: readonly Hex[], effectiveFrom: number): Partial<ChainEvent> => ({
    args: { setId, operators, threshold: 2, bond: 100_000_000n, bondShareBps: 1000, effectiveFrom },
  });
  const events = [scheduled(1, [ONE, TWO, THREE], 0), scheduled(2, [ONE, TWO, FOUR], NOW + 60)];
  const answers = { currentSetId: () => 1, noticePeriod: () => 3600 };

  it('who has not the role: sees the set in force and the one announced, and has no form', async () => {
    const { fixture, said } = await open(OperatorSetForm, 'COMMUNITY_ADMIN', answers, events);
    expect(said()).toContain('2 of these 3 must agree, each with a bond of at least 100.00 € and 10 %');
    const announced = (fixture.nativeElement as HTMLElement).querySelector("[data-announced='2']");
    expect(announced?.textContent).toContain(FOUR);
    expect(fixture.nativeElement.querySelector('textarea, button')).toBeNull();
  });

  it('an operator twice, or too few who agree: nothing can be signed', async () => {
    const { fixture, said } = await open(OperatorSetForm, 'ORACLE_ADMIN', answers, events);
    await write(fixture, 'operators', `${ONE}\n${ONE}`);
    expect(said()).toContain('An operator is named twice.');
    expect(button(fixture).disabled).toBe(true);
    await write(fixture, 'operators', `${ONE} ${TWO} ${THREE} ${FOUR}`);
    expect(said()).toContain('no more than half of the operators');
    expect(button(fixture).disabled).toBe(true);
  });

  it('who comes, who goes, the terms and the notice are said, and signed', async () => {
    const { fixture, said, signed } = await open(OperatorSetForm, 'ORACLE_ADMIN', answers, events);
    await write(fixture, 'operators', `${ONE}\n${TWO}\n${FOUR}`);
    await write(fixture, 'threshold', '3');
    await write(fixture, 'bond', '250');
    expect(said()).toContain('3 of 3 operators will have to agree, each with a bond of at least 250.00 € and 10 %');
    expect(said()).toContain(`${FOUR}new`);
    expect(said()).toContain(`${THREE} will be no operator any more.`);
    expect(said()).toContain('The notice is 1 h');
    button(fixture).click();
    await settled(fixture);
    const args = [[ONE, TWO, FOUR], { threshold: 3, bond: 250_000_000n, bondShareBps: 1000 }];
    expect(signed).toMatchObject([{ address: QUORUM, functionName: 'scheduleOperators', args }]);
  });
});

describe('what is left over in pots', () => {
  const book = { traders: 2, executed: 2, pot: 0n, executionDeadline: NOW + 1 };
  /** By session: one that nobody settled, one that is being executed, one that everybody executed. */
  const books = [
    { ...book, pot: 5n, executed: 0, executionDeadline: 0 },
    { ...book, pot: 7n, executed: 1 },
    { ...book, pot: 1_250_000n },
  ];
  const answers = (owed: bigint, all = books): Record<string, (args: readonly unknown[]) => unknown> => ({
    owedToTreasury: () => owed,
    bookOf: ([id]) => all[Number(id) - 1],
  });

  it('nothing is left and nothing due: says so, and there is nothing to sign', async () => {
    const { fixture, said } = await open(Leftovers, null, answers(0n, [books[0], books[1], book]));
    expect(said()).toContain('No session that is over has anything left in its pot.');
    expect(fixture.nativeElement.querySelector('button')).toBeNull();
  });

  it('a session that everybody executed: its pot alone is swept, the amount said', async () => {
    const { fixture, said, signed } = await open(Leftovers, null, answers(0n));
    expect(said()).toContain('You move the 1.25 € left in session 3');
    expect(fixture.nativeElement.querySelectorAll('[data-pot]')).toHaveLength(1);
    button(fixture).click();
    await settled(fixture);
    expect(signed).toMatchObject([{ address: MARKET, functionName: 'sweepPot', args: [3n] }]);
  });

  it('the time to execute is over: what is left is swept although not everybody executed', async () => {
    const late = [books[0], { ...books[1], executionDeadline: NOW }, book];
    const { fixture } = await open(Leftovers, null, answers(0n, late));
    expect(fixture.nativeElement.querySelector("[data-pot='2']")).not.toBeNull();
  });

  it('the market owes the treasury: anybody makes it pay', async () => {
    const { fixture, said, signed } = await open(Leftovers, null, answers(2_500_000n, [books[0], books[1], book]));
    expect(said()).toContain('The market owes the treasury 2.50 €');
    button(fixture).click();
    await settled(fixture);
    expect(signed).toMatchObject([{ address: MARKET, functionName: 'payTreasury', args: [] }]);
  });
});
