"""Names that nobody mistakes for a person's: usual first names, unusual last ones."""

from __future__ import annotations


def words(text: str) -> list[str]:
    """The words of a text: how lists of names and of columns are written here."""
    return text.split()


GIVEN = words(
    """
    Aaliyah Abel Adaeze Amara Amir Ana Andre Anh Arjun Aria Ava Ayaan Beatriz Bilal Caleb Camila
    Carlos Chidi Chloe Daniela David Diego Dina Ebony Elena Eli Emeka Emma Esther Ethan Farah
    Felix Gabriela Grace Hana Hugo Ibrahim Ines Isaac Isabel Ivan Jada Jamal Jayden Jin Jonah
    José Julia Kai Karim Keisha Kenji Laila Leo Lin Lucas Lucía Maja Malik Marek Maria Mateo
    Maya Mei Miguel Mila Nadia Naomi Nia Noah Nora Olga Omar Paula Pedro Priya Rafael Rahel
    Ravi Rosa Ruth Sami Sara Sergio Simone Sofia Tariq Tessa Thiago Tomás Uma Victor Wei Yara
    Yusuf Zainab Zoe Zuri Ñawi
    """
)

FAMILY = words(
    """
    Sample Example Placeholder Testperson Madeup Fictive Nonesuch Pretend Standin Imaginary
    Specimen Mockley Dummond Samplewood Exampleton Fableman Notreal Makebelieve Inventado
    Storybrook Figment Demowitz Sampleson O'Example Trialby Prototype Fixture Stubbs-Sample
    Facsimile Pseudonym Muestra Ejemplo Beispiel Exemplo Przykład Anyname Noname Templeton-Test
    Fillerman Draftwell Tryout Rehearsal Scenario Figurehead Modelle Replica Simulacre Testa
    """
)
