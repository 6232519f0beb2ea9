"""Free text: names, days, numbers and addresses go, the words of the field stay."""

import pytest

from radiolucent.deid.key import Key
from radiolucent.deid.person import Person, bounded
from radiolucent.deid.text import GONE, cleaned, looks_like_a_name

KNOWN = bounded(["okafor", "miriam", "4711-88"])


@pytest.mark.parametrize(
    "text",
    [
        "CT CHEST W/O CONTRAST",
        "MR Brain w & w/o Gd",
        "T2 FLAIR axial 5mm",
        "Routine Head  5.0 H30s",
        "AbdomenRoutine",
        "thorax^routine",
        "ep2d_diff_3scan_trace_ADC",
        "Cardiac CTA 0.75 B25f 75%",
        "a nodule of 3 mm in the left upper lobe",
        "AX DWI b1000",
        "carotid doppler, hepatic steatosis, cough and haemoptysis",
        "3 mm axial CT, contrast 80 ml, 6 minute walk",
        "restaging lymphoma, nonocclusive, perihilar",
        "known Crohn disease, flare",
        "RUQ pain, elevated LFTs",
        "PICC line position",
        "nephrolithiasis",
        "Thorax^1_PET_CT_WB (Adult)",
        "CT WB 5.0 HD_FoV",
        "Hill-Sachs lesion",
        "Schatzker IV, Harrington rods",
        "Wilms tumour, tunnelled drain, gynaecological",
        "F18-PSMA-1007",
        "JPEG 2000 irreversible, ratio 0.084906",
        "cmrr_mbep2d_bold_CheckerBoard",
        "MRT Kniegelenk links, Ausschluss Lungenembolie",
        "IRM cérébrale avec injection",
        "Road traffic accident, close follow up",
        "AbdRoutine 5.0 B31f",
        "ep2d_diff_b50_400_800_tra_ADC",
        "t2_tse_dixon_tra_W",
        "sT1W_3D_TFE_SENSE",
        "mDIXON-All",
        "dynTHRIVE",
        "WATER: Ax LAVA-Flex",
        "DWI 0-500-1000",
        "DWI b 0 1000 2000",
        "Ax DWI All B-50-800 Synthetic B-1400",
        "RESOLVE_b1000",
        "ADC (10^-6 mm²/s)",
        "ep2d-advdiff-3Scan-1400 bval_spair_std_TRACEW",
        "RM ABDOMEN SUPERIOR SIN CONTRASTE",
        "Schädel nativ",
        "COR T1 POST GAD",
        "LEFT SUB # 1",
        "0,OPA,PH,MX8000,B,285,3.2,120,39,0,na",
        "NECKCHESTABDOMEN",
        "XR KNEE AP/LAT/MERCHANT",
        "DR CHEST 2 VIEWS",
        "6667 BREAST CT",
        "T1 2MM FS",
        "VIBRANT BILATERAL",
        "Standard Screening - Combo",
        "SCREEN SAVE",
        "PhysioLog",
        "Siemens Healthineers",
        "LightSpeed VCT",
        "Biograph mCT",
        "S/P Whipple",
        "mets work-up, unknown primary",
        "Gleason 4+3, active surveillance",
        "Hickman line, check tip",
        "known CLL on ibrutinib",
        "Dobhoff placement",
        "African American, 3 phase liver",
    ],
)
def test_words_of_the_field_stay(text):
    assert cleaned(text, KNOWN) == (type(cleaned("x"))(text, 0))


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("seen by Dr. Adebayo-Smythe", "Adebayo"),
        ("Patient: Kowalczyk, Zbigniew", "Kowalczyk Zbigniew"),
        ("KOWALCZYK ZBIGNIEW CT CHEST", "KOWALCZYK ZBIGNIEW"),
        ("discussed with Miriam Okafor", "Okafor Miriam"),
        ("OKAFOR'S scan", "OKAFOR"),
        ("okafor, in lower case", "okafor"),
        ("id 4711-88 again", "4711-88"),
        ("exam of 2019-02-03 and 3 Feb 2019", "2019 Feb"),
        ("compare 03.02.2019, 03/02/19", "03.02 03/02/19"),
        ("born 13 February 1980", "1980 13"),
        ("20190203 earlier", "20190203"),
        ("acc A1234567 MRN: 99-12", "A1234567 99-12"),
        ("phone +44 20 7946 0958", "7946 0958"),
        ("call (555) 123-4567", "555 4567"),
        ("mail jane.d@example.org", "jane.d@example.org"),
        ("lives at 12 Baker Street", "12 Baker"),
        ("fell on High Street", "High Street"),
        ("home: 123 Via Garibaldi", "Garibaldi"),
        ("123 Rue Pasteur", "Pasteur"),
        ("met at N 14th Ave", "14th"),
        ("cerca de Plaza del Sol", "Plaza del Sol"),
        ("joignable au 06 13 31 56 43", "06 13 31 56 43"),
        ("wohnt Lindenallee 7", "Lindenallee"),
        ("SSN 123-45-6789", "6789"),
        ("J. Kowalczyk reported", "Kowalczyk"),
        ("Kowalczyk^Zbigniew", "Kowalczyk Zbigniew"),
        ("see http://pacs.example/1?id=9", "pacs.example"),
        ("ct abdomen wang", "wang"),
        ("asked by hiroshi takahashi", "hiroshi takahashi"),
        ("okafor@clinic.example", "clinic"),
        ("9066 Route 9", "9066 Route"),
        ("mother: Ileana Rutherford", "Rutherford"),
        ("seen by Dr. Kwame Isherwood", "Kwame Isherwood"),
        ("hip pain gareth", "gareth"),
        ("fergus thackeray knee", "fergus thackeray"),
        ("CT_CHEST_WOJCIECHOWSKI", "WOJCIECHOWSKI"),
        ("t1_vibe_Kowalczyk_Anna", "Kowalczyk Anna"),
        ("THORAX (QUATTROCCHI, C.)", "QUATTROCCHI"),
        ("Brain w/o Nguyen^Van^Thanh", "Nguyen Thanh"),
        ("pt mary brown, follow up", "mary brown"),
        ("KAREN YOUNG CTA", "KAREN YOUNG"),
        ("Dr. Long CT CHEST", "Long"),
        ("S. DIXON SAG T2", "DIXON"),
        ("dixon, W. SAG T2", "dixon"),
        ("HATHERSAGE-OKONKWO pelvis", "HATHERSAGE OKONKWO"),
        ("razvan dvořáčková hip", "dvořáčková"),
        ("CHEST_13_05_1978", "13_05 1978"),
        ("May 3, 1950 CAP", "1950"),
        ("US_1950-05-03", "1950"),
        ("call 555-1927 CHEST", "1927"),
        ("SSN_123-45-6789", "6789"),
        ("XR HAND MRN#00482913", "00482913"),
        ("RAD-482913", "482913"),
        ("2073 North Summit Drive, knee", "2073 Summit"),
        ("7231 Juniper Ct, foot", "7231 Juniper"),
        ("Springfield, IL 62704", "Springfield 62704"),
        ("sent by Lakeside Medical Center", "Lakeside"),
        ("Ravi.Okonkwo_77@mail.example.net", "Ravi Okonkwo 77"),
    ],
)
def test_what_points_to_a_person_a_day_or_a_place_goes(text, gone):
    left = cleaned(text, KNOWN)
    assert left.cut
    assert GONE in left.text
    assert not [piece for piece in gone.split() if piece in left.text]


def test_cleaning_a_clean_text_again_changes_nothing():
    once = cleaned("Dr. Kowalczyk saw a mass on 3 Feb 2019", KNOWN)
    assert cleaned(once.text, KNOWN).text == once.text


def test_what_still_looks_like_a_name_is_told():
    assert looks_like_a_name("Kowalczyk Zbigniew")
    assert looks_like_a_name("Kowalczyk^Zbigniew")
    assert not looks_like_a_name("Left Lung, Upper Lobe")
    assert not looks_like_a_name("thorax^routine")


def test_only_the_name_goes_and_what_follows_a_title_stays():
    assert cleaned("Dr. Trelawney FDG PET whole body").text == f"Dr {GONE} FDG PET whole body"
    assert cleaned("80 ml iohexol, ref by Dr. Adebayo").text == f"80 ml iohexol, ref by Dr {GONE}"


def test_a_family_name_of_two_letters_is_found():
    values = {0x00100010: b"Ng^Mordecai"}
    known = Person(Key(b"k" * 32), values).pattern_in(lambda raw: raw.decode("utf-8"))
    assert "ng" not in cleaned("chest of ng, mordecai", known).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("王小明 T1 axial", "[removed] T1 axial"),
        ("CT head Иванов", "CT head [removed]"),
        ("Παπαδόπουλος knee", "[removed] knee"),
        ("β 5 μm γ", "β 5 μm γ"),
    ],
)
def test_words_of_other_scripts_go_for_none_of_them_is_known_and_greek_signs_stay(text, left):
    assert cleaned(text).text == left
