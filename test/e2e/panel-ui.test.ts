import { describe, expect, it } from 'vitest';
import { askedModels, open, panel, started } from '../support/panel-bed.ts';
import { detailsOf } from '../support/panel-driver.ts';

describe('first start', () => {
  it('shows three ways in, and the guide answers without any key, labelled as no AI model', async () => {
    const { page, log, answer } = await open('first');
    for (const name of ['Bring a key', 'Use a local model', /^Ask the guide/]) {
      await page.getByRole('heading', { name, exact: typeof name === 'string' }).waitFor();
    }
    expect(await page.locator('.thread').evaluate((box) => box.scrollTop)).toBe(0);
    await panel.button('Add a key').click();
    expect(await panel.asked('keys.manage')).toEqual([{ reason: 'add' }]);
    await panel.button('How do spend caps work?').click();
    await panel.answered();
    expect(await answer().textContent()).toContain('Built-in guide');
    expect(await answer().textContent()).toContain('not an AI model');
    expect(await log.locator('strong').first().textContent()).toBe('Caps');
    await panel.send('And where are my keys?');
    await panel.answered();
    expect(await askedModels()).toEqual(['guide', 'guide']);
  });
});

describe('writing', () => {
  it('sends on Enter, breaks the line on Shift+Enter, and leaves Enter to an input method', async () => {
    const { composer, page } = await open('empty');
    await composer.fill('first line');
    await composer.press('Shift+Enter');
    await page.keyboard.type('second line');
    await composer.evaluate((field) => {
      const press = (init: KeyboardEventInit) => {
        const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init });
        field.dispatchEvent(event);
        return event.defaultPrevented;
      };
      const taken = [press({ isComposing: true }), press({ keyCode: 229 } as KeyboardEventInit)];
      field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      taken.push(press({}));
      field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
      // Some browsers tell the Enter that ended a composition only after its end.
      taken.push(press({}));
      if (taken.some(Boolean)) throw new Error(`an Enter of the input method was taken: ${taken}`);
    });
    expect(await started()).toHaveLength(0);
    expect(await composer.inputValue()).toBe('first line\nsecond line');
    await composer.press('Enter');
    await panel.answered();
    expect((await started())[0]?.parts).toEqual([{ type: 'text', text: 'first line\nsecond line' }]);
    expect(await composer.inputValue()).toBe('');
    expect(await composer.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('sends on Control+Enter alone where the user wants it so', async () => {
    const { composer, page } = await open('empty');
    await page.keyboard.press('Control+,');
    await page.getByLabel('Enter sends').uncheck();
    await page.keyboard.press('Escape');
    await composer.fill('text');
    await composer.press('Enter');
    expect(await composer.inputValue()).toBe('text\n');
    await composer.press('Control+Enter');
    await panel.answered();
    expect(await started()).toHaveLength(1);
  });

  it('grows with its text, and typing touches nothing else on the page', async () => {
    const { composer, page } = await open('long');
    const height = () => composer.evaluate((field) => field.getBoundingClientRect().height);
    const before = await height();
    await page.evaluate(() => {
      const log = document.querySelector('.thread') as Element;
      new MutationObserver((changes) => {
        document.body.dataset.changes = String(Number(document.body.dataset.changes ?? 0) + changes.length);
      }).observe(log, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await composer.pressSequentially('one\\n'.repeat(10));
    await composer.fill('line\n'.repeat(6));
    expect(await height()).toBeGreaterThan(before * 3);
    expect(await page.evaluate(() => document.body.dataset.changes)).toBeUndefined();
  });

  it('takes a pasted book, which a browser would measure for minutes, and scrolls in it', async () => {
    const { composer, page } = await open('long', { permissions: ['clipboard-read', 'clipboard-write'] });
    await composer.focus();
    const book = 'lorem ipsum dolor '.repeat(200_000);
    await page.evaluate((text) => navigator.clipboard.writeText(text), book);
    await composer.press('Control+V');
    await expect.poll(() => composer.inputValue().then((text) => text.length)).toBe(book.length);
    const field = await composer.evaluate((one) => ({
      scrolls: one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY === 'auto',
      fits: one.getBoundingClientRect().height <= innerHeight,
    }));
    expect(field).toEqual({ scrolls: true, fits: true });
    await composer.fill('short again');
    expect(await composer.getAttribute('dir')).toBe('auto');
  });

  it('saves a draft at once, and brings it back with its conversation', async () => {
    const { composer, page } = await open('rich');
    await composer.fill('half a thought');
    await expect.poll(() => panel.asked('draft.save')).toEqual([{ conversationId: 'rich', draft: 'half a thought' }]);
    await panel.button('New conversation').click();
    expect(await composer.inputValue()).toBe('');
    await panel.button('Conversations').click();
    await page.getByRole('button', { name: /^Rotating logs/ }).click();
    await expect.poll(() => composer.inputValue()).toBe('half a thought');
  });

  it('keeps the text when a message is refused, says why, and sends it smaller on a click', async () => {
    const { composer, page } = await open('empty');
    await page.evaluate(() =>
      window.host.refuse('run.start', {
        kind: 'cap',
        retryable: false,
        fallbackable: true,
        message: 'This could cost up to $0.12, and $0.01 is left. Nothing was sent. 412 tokens would fit.',
        affordableTokens: 412,
        userAction: 'raise-cap',
      }),
    );
    await panel.send('a question that took a while to write');
    await page.getByRole('alert').getByText('Nothing was sent').waitFor();
    expect(await composer.inputValue()).toBe('a question that took a while to write');
    await panel.button('Change the cap').click();
    expect(await panel.asked('keys.manage')).toEqual([{ keyId: 'k1', reason: 'caps' }]);
    await panel.button('Retry with at most 412 tokens').click();
    await panel.answered();
    expect((await started()).at(-1)?.parameters).toEqual({ maxOutputTokens: 412 });
    expect(await composer.inputValue()).toBe('');
    expect(await page.locator('.failure').count()).toBe(0);
  });

  it('takes a pasted image over the port and sends it along', async () => {
    const { composer, page } = await open('empty');
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
    await composer.evaluate((field, base64) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], 'shot.png', { type: 'image/png' }));
      data.items.add(new File(['<svg/>'], 'evil.svg', { type: 'image/svg+xml' }));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, png);
    await page.locator('.toast').getByText('evil.svg cannot be attached').waitFor();
    await page.locator('.attachments li[data-state="ready"]').waitFor();
    expect(await page.locator('.attachments li').count()).toBe(1);
    await panel.send('what is this?');
    await panel.answered();
    const [image, text] = (await started())[0]?.parts ?? [];
    expect(image).toMatchObject({ type: 'image', mediaType: 'image/png', bytes: 68, source: { kind: 'blob' } });
    expect(text).toEqual({ type: 'text', text: 'what is this?' });
    const stored = await page.evaluate(() => [...window.host.blobs.values()].map(({ base64 }) => base64));
    expect(stored).toEqual([png]);
    expect(await page.locator('.attachments li').count()).toBe(0);
    await page.locator('.user img').waitFor();
  });

  it('waits with a message that is sent while an answer is being written', async () => {
    const { page } = await open('empty');
    await panel.send('tell me');
    await panel.button('Stop').waitFor();
    await panel.send('and then?');
    await page.locator('.composer-note').getByText('Will be sent after this answer.').waitFor();
    expect(await started()).toHaveLength(1);
    await expect.poll(() => started(), { timeout: 30_000 }).toHaveLength(2);
    await panel.answered();
    expect((await started())[1]?.parts).toEqual([{ type: 'text', text: 'and then?' }]);
  });
});

describe('an answer', () => {
  it('streams into a silent log, is announced apart from it, and shows who answered and what it cost', async () => {
    const { log, page, answer } = await open('empty');
    expect(await log.getAttribute('aria-live')).toBe('off');
    const heard: string[] = [];
    await page.exposeFunction('heard', (text: string) => heard.push(text));
    // Thinking may be over before anybody can look.
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (document.querySelector('.reasoning-label')?.textContent === 'Thinking')
          document.body.dataset.thought = 'yes';
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await page.evaluate(() => {
      const region = document.querySelector('.column > [role="status"]') as Element;
      new MutationObserver(() =>
        (window as unknown as { heard(text: string): void }).heard(region.textContent ?? ''),
      ).observe(region, { subtree: true, childList: true, characterData: true });
    });
    await panel.send('logs?');
    await page.locator('.assistant[aria-busy="true"]').waitFor();
    await panel.answered();
    expect(await page.evaluate(() => document.body.dataset.thought)).toBe('yes');
    expect(heard).toEqual(['Sent. Claude Sonnet 4 is answering', 'Claude Sonnet 4 has answered']);
    const text = await answer().textContent();
    expect(text).toContain('Claude Sonnet 4');
    expect(text).toContain('$0.013 · 612 tokens');
    await panel.button(/^\$0\.013/).click();
    const details = await answer().locator('.details').textContent();
    for (const fact of ['$0.012792', 'as the provider reports it', '1,204', '612', '88', 'Personal ····a91f']) {
      expect(details).toContain(fact);
    }
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('logs?');
  });

  it('stops on Escape, keeps what came, and goes on where it was cut', async () => {
    const { page, answer, composer } = await open('empty');
    await panel.send('slow please');
    await page.locator('.assistant h4').waitFor();
    await composer.press('Escape');
    await answer().getByText('Stopped by you.').waitFor();
    expect(await panel.asked('run.stop')).toHaveLength(1);
    const kept = await answer().locator('h4').count();
    expect(kept).toBeGreaterThan(0);
    const stopped = await answer().getAttribute('data-message');
    await panel.button('Continue').click();
    // Until then the last answer is the one that was stopped.
    await answer().getByText('Begun by').waitFor();
    await panel.answered();
    const last = (await started()).at(-1);
    expect(last).toMatchObject({ parentId: stopped, continues: true });
    expect(last?.parts).toBeUndefined();
    expect(await answer().locator('h4').count()).toBeGreaterThan(kept);
  });

  it('says who failed before an answer came, who began it, and what each cost; another model can go on', async () => {
    const { page, answer } = await open('route');
    const lines = page.locator('.hops li');
    await expect
      .poll(() => lines.allInnerTexts())
      .toEqual([
        'Claude Sonnet 4 overloaded → Gemini 3 Flash',
        'Gemini 3 Flash passed over → answered by GPT-5 mini, $0.0021',
        'Begun by Claude Sonnet 4, $0.013 → continued by GPT-5 mini, $0.0021',
        'Claude Sonnet 4 was not reached, $0.013 → answered by GPT-5 mini, $0.0021',
      ]);
    await expect.poll(() => page.getByRole('button', { name: '$0.015' }).count()).toBe(2);
    await lines.first().locator('summary').click();
    await lines.first().getByText('OpenRouter is overloaded').waitFor();
    // A failed attempt that was billed is in the sum, and each is told by itself.
    await lines.last().locator('summary').click();
    await lines.last().getByText('$0.012792 upper bound, the bill is not known').waitFor();
    const details = await detailsOf(answer());
    expect(details.failed).toBe('Claude Sonnet 4 $0.012792 upper bound, the bill is not known');
    expect(details.cost).toBe('$0.0021 as the provider reports it');
    await answer().getByRole('button', { name: 'Continue with…' }).click();
    await page.getByRole('menuitem', { name: /Gemini 3 Flash/ }).click();
    expect((await started()).at(-1)).toMatchObject({
      parentId: 'cut',
      continues: true,
      choice: { model: 'google/gemini-3-flash' },
    });
  });

  it('is marked interrupted with its text when the background is killed, and the panel comes back', async () => {
    const { page, answer } = await open('empty');
    await panel.send('slow please');
    await page.locator('.assistant h4').waitFor();
    await page.evaluate(() => window.host.hold(true));
    await page.evaluate(() => window.host.kill());
    await page.getByText('Reconnecting…').first().waitFor();
    await panel.composer.fill('typed while the host is gone');
    await page.evaluate(() => {
      window.host.hold(false);
      window.host.kill();
    });
    await answer().getByText('Interrupted: the answer is not complete.').waitFor({ timeout: 20_000 });
    expect(await answer().locator('h4').count()).toBeGreaterThan(0);
    await page.locator('[data-banner="lost"]').waitFor({ state: 'detached' });
    expect(await panel.composer.inputValue()).toBe('typed while the host is gone');
    await answer().getByRole('button', { name: 'Retry', exact: true }).last().click();
    await answer().locator('.versions').getByText('2/2').waitFor();
  });

  it('settles: blocks that are done keep their elements while the rest streams and when it ends', async () => {
    const { page, answer } = await open('empty');
    await panel.send('logs?');
    await page.locator('.assistant .markdown h4').waitFor();
    await page.locator('.assistant .markdown ol').waitFor();
    await page.evaluate(() => {
      const heading = document.querySelector('.assistant .markdown h4') as HTMLElement;
      heading.dataset.same = 'yes';
    });
    await panel.answered();
    expect(await answer().locator('.markdown h4').getAttribute('data-same')).toBe('yes');
    const shown = answer().locator('.markdown').last();
    expect(await shown.locator('li.task input:checked').count()).toBe(2);
    expect(await shown.locator('table [data-align="center"]').count()).toBeGreaterThan(0);
    expect(await shown.locator('ol ul li').count()).toBe(2);
    expect(await shown.locator('pre.math').textContent()).toContain('\\int_0^T r(t)\\,dt');
  });

  it('copies code as it is', async () => {
    const { page } = await open('rich', { permissions: ['clipboard-read', 'clipboard-write'] });
    await panel.button('Copy code').first().click();
    await panel.button('Copied').first().waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^import \{ rename \} from 'node:fs\/promises';\n\n/);
    expect(copied).toMatch(/^ {2}await rename\(path, /m);
  });

  it.each(['hostile', 'hostile again'])('never becomes markup, and reaches no other server: %s', async (text) => {
    const { page, answer, strangers } = await open('empty');
    await panel.send(text);
    await panel.answered();
    const found = await answer().evaluate((element) => ({
      active: element.querySelectorAll('script, iframe, object, embed, form, style, link, img, svg:not(.icon)').length,
      handlers: [...element.querySelectorAll('*')].flatMap((one) =>
        [...one.attributes].filter(({ name }) => /^on|^style$|^srcdoc$/i.test(name)).map(({ name }) => name),
      ),
      links: [...element.querySelectorAll('a')].map((link) => [link.href, link.rel, link.target]),
    }));
    expect(found.active).toBe(0);
    expect(found.handlers).toEqual([]);
    expect(found.links).toEqual([
      ['https://example.com/ok', 'noopener noreferrer', '_blank'],
      ['https://example.com/auto', 'noopener noreferrer', '_blank'],
    ]);
    expect(await answer().textContent()).toContain('<script>window.pwned=2</script>');
    expect(strangers).toEqual([]);
    await page.getByRole('link', { name: 'ok' }).click();
    expect(await page.evaluate(() => window.opened)).toEqual(['https://example.com/ok']);
    await panel.button(/Load from tracker\.invalid/).click();
    await panel.button(/Could not be loaded from tracker\.invalid/).waitFor();
    expect(strangers).toEqual(['https://tracker.invalid/pixel.png?secret=1']);
    expect(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
    // The refused fetch is the one complaint that belongs here.
    (panel.complaints as string[]).splice(0);
  });
});
