"""An error names the nearest thing there is."""

from radiolucent.core import InputError, UnreadableError, unknown


def test_the_nearest_name_is_offered_and_the_others_are_listed():
    assert str(unknown("column", "pateint", ["image", "patient"])) == (
        "there is no column 'pateint'; did you mean 'patient'? There are: image, patient"
    )


def test_nothing_near_is_not_invented():
    assert str(unknown("column", "zzz", ["image"])) == "there is no column 'zzz'. There are: image"
    assert str(unknown("column", "a", [])).endswith("There are: none")


def test_a_long_list_is_cut():
    assert str(unknown("column", "zzz", range(30))).endswith("24, and 5 more")


def test_an_unreadable_file_is_an_input_error_too():
    assert issubclass(UnreadableError, InputError)
