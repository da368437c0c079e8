/** Elements that hold a value: selects, pickers, boxes, text. In a form they wait for submit; elsewhere they act at once. */
import { useId } from 'react';
import type { Choice } from '../../server/wire.ts';
import { withEmoji } from '../emoji.ts';
import { SlackText } from '../mrkdwn-view.tsx';
import { useNames } from '../names.tsx';
import { useHost } from './host.tsx';
import { usePress } from './pressable.tsx';
import type { AnyElement, ElementOf, SlackOption } from './slack-types.ts';

/** How an element is placed. `label` names it for those who cannot see where it stands. */
export type Place = { readonly blockId: string; readonly label: string; readonly waits: boolean };

/** The value of an element now, and how to change it. */
function useChoice(
  element: { action_id?: string; confirm?: ElementOf<'button'>['confirm'] },
  place: Place,
  initial: Choice,
) {
  const host = useHost();
  const actionId = element.action_id ?? '';
  const { press, question, held } = usePress(place.blockId, actionId, element.confirm);
  const stored = host.choices[place.blockId]?.[actionId];
  const choose = (choice: Choice) => {
    host.choose(place.blockId, actionId, choice);
    if (!place.waits) press(choice);
  };
  return { choice: stored === undefined ? initial : stored, choose, question, disabled: held && !place.waits };
}

const one = (choice: Choice): string => (typeof choice === 'string' ? choice : '');
const many = (choice: Choice): readonly string[] => (typeof choice === 'string' ? [choice] : (choice ?? []));

export function StaticSelect({ element, place }: { element: ElementOf<'static_select'>; place: Place }) {
  const { choice, choose, question, disabled } = useChoice(element, place, element.initial_option?.value ?? null);
  const placeholder = element.placeholder?.text ?? 'Choose an option';
  return (
    <>
      <select
        className="select"
        aria-label={place.label || placeholder}
        value={one(choice)}
        disabled={disabled}
        onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{placeholder}</option>
        {element.options?.map(asOption)}
        {element.option_groups?.map((group) => (
          <optgroup key={group.label.text} label={group.label.text}>
            {group.options.map(asOption)}
          </optgroup>
        ))}
      </select>
      {question}
    </>
  );
}

function asOption(option: SlackOption) {
  return (
    <option key={option.value} value={option.value}>
      {withEmoji(option.text.text)}
    </option>
  );
}

export function UsersSelect({ element, place }: { element: ElementOf<'users_select'>; place: Place }) {
  const { people } = useNames();
  const { choice, choose, question, disabled } = useChoice(element, place, element.initial_user ?? null);
  const placeholder = element.placeholder?.text ?? 'Choose a person';
  return (
    <>
      <select
        className="select"
        aria-label={place.label || placeholder}
        value={one(choice)}
        disabled={disabled}
        onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{placeholder}</option>
        {people
          .filter((person) => !person.isBot)
          .map((person) => (
            <option key={person.id} value={person.id}>
              {person.realName}
            </option>
          ))}
      </select>
      {question}
    </>
  );
}

/** Checkboxes, radio buttons and multi selects: a list of options, one or many of them on. */
export function OptionList(props: {
  element: ElementOf<'checkboxes' | 'radio_buttons' | 'multi_static_select'>;
  place: Place;
}) {
  const { element, place } = props;
  const { choice, choose, question, disabled } = useChoice(element, place, initialOf(element));
  const single = element.type === 'radio_buttons';
  const name = useId();
  const on = many(choice);
  const toggle = (value: string, checked: boolean) => {
    if (single) choose(value);
    else choose(checked ? [...on, value] : on.filter((item) => item !== value));
  };
  return (
    <fieldset className={`options options-${element.type}`} disabled={disabled} aria-label={place.label}>
      {optionsOf(element).map((option) => (
        <label key={option.value} className="option">
          <input
            type={single ? 'radio' : 'checkbox'}
            name={name}
            checked={on.includes(option.value ?? '')}
            onChange={(event) => toggle(option.value ?? '', event.target.checked)}
          />
          <span>
            <SlackText value={option.text} />
            {option.description === undefined ? null : (
              <span className="option-more">
                <SlackText value={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
      {question}
    </fieldset>
  );
}

function initialOf(element: ElementOf<'checkboxes' | 'radio_buttons' | 'multi_static_select'>): Choice {
  if (element.type === 'radio_buttons') return element.initial_option?.value ?? null;
  return element.initial_options?.flatMap((option) => option.value ?? []) ?? [];
}

function optionsOf(element: ElementOf<'checkboxes' | 'radio_buttons' | 'multi_static_select'>): SlackOption[] {
  if (element.type !== 'multi_static_select') return element.options;
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

export function Picker({ element, place }: { element: ElementOf<'datepicker' | 'timepicker'>; place: Place }) {
  const initial = element.type === 'datepicker' ? element.initial_date : element.initial_time;
  const { choice, choose, question, disabled } = useChoice(element, place, initial ?? null);
  return (
    <>
      <input
        className="input input-short"
        type={element.type === 'datepicker' ? 'date' : 'time'}
        aria-label={place.label || element.placeholder?.text || 'Choose'}
        value={one(choice)}
        disabled={disabled}
        onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}
      />
      {question}
    </>
  );
}

type TextElement = ElementOf<'plain_text_input' | 'number_input' | 'email_text_input' | 'url_text_input'>;

export function TextInput({ element, place }: { element: TextElement; place: Place }) {
  const { choice, choose } = useChoice(element, { ...place, waits: true }, element.initial_value ?? null);
  const shared = {
    className: 'input',
    'aria-label': place.label,
    placeholder: element.placeholder?.text,
    value: one(choice),
    onChange: (event: { target: { value: string } }) => choose(event.target.value === '' ? null : event.target.value),
  };
  if (element.type !== 'plain_text_input') return <input {...shared} type={inputType(element.type)} />;
  const limits = { maxLength: element.max_length ?? 3000, minLength: element.min_length };
  if (element.multiline === true) return <textarea {...shared} {...limits} rows={3} />;
  return <input {...shared} {...limits} type="text" />;
}

function inputType(type: TextElement['type']): string {
  if (type === 'number_input') return 'number';
  return type === 'email_text_input' ? 'email' : 'url';
}

/** The value an element starts with, for checking what a form still needs. */
export function startOf(element: AnyElement): Choice {
  switch (element.type) {
    case 'checkboxes':
    case 'radio_buttons':
    case 'multi_static_select':
      return initialOf(element);
    case 'static_select':
      return element.initial_option?.value ?? null;
    case 'datepicker':
      return element.initial_date ?? null;
    case 'timepicker':
      return element.initial_time ?? null;
    case 'users_select':
      return element.initial_user ?? null;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return element.initial_value ?? null;
    default:
      return null;
  }
}
