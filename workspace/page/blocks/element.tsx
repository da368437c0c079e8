/** Any element that acts, by its type. One that this page does not know is shown as a red box, never left out. */
import { OptionList, Picker, type Place, StaticSelect, TextInput, UsersSelect } from './choosable.tsx';
import { Button, Overflow } from './pressable.tsx';
import type { AnyElement } from './slack-types.ts';

export function Element({ element, place }: { element: AnyElement; place: Place }) {
  switch (element.type) {
    case 'button':
      return <Button element={element} blockId={place.blockId} />;
    case 'overflow':
      return <Overflow element={element} blockId={place.blockId} />;
    case 'static_select':
      return <StaticSelect element={element} place={place} />;
    case 'users_select':
      return <UsersSelect element={element} place={place} />;
    case 'checkboxes':
    case 'radio_buttons':
    case 'multi_static_select':
      return <OptionList element={element} place={place} />;
    case 'datepicker':
    case 'timepicker':
      return <Picker element={element} place={place} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInput element={element} place={place} />;
    default:
      return <Unknown type={element.type} />;
  }
}

/** What stands where something cannot be drawn. */
export function Unknown({ type }: { type: string }) {
  return (
    <div className="unknown" role="note">
      This workspace cannot draw <code>{type}</code>
    </div>
  );
}
