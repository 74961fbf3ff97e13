"""The live preview (`newsgen serve`): what members see while they write. Nothing of it is ever in a built site."""
