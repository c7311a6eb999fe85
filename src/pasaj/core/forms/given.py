"""Given names that are common where Pasaj is used: two capitalised words are a person when one is among them.

Left out: what is a word, a month, a make of car or a well-known place as well (Rose, May, Mercedes, Domingo).
"""

from __future__ import annotations

from pasaj.core.nearest import fold

GIVEN = frozenset(
    fold(
        """
        Jean Jan Joseph Jozèf Pierre Pyè Louis Lwi Jacques Jak Paul Pòl Michel Michael Charles André Antoine Antwàn
        François Franswa Frantz Franck Francky Fritz Fritznel Frito Fred Frédéric Frederik Gérard Gerald Guy Guerrier
        Georges George Gabriel Gaston Gilbert Grégory Gregory Guillaume Henri Henry Hervé Hubert Jacob Jacquelin
        James Jameson Jeff Jefferson Jerry Jérôme Jimmy Joachim Joël Jocelyn John Johnny Johnson Jonas Jonathan
        Jonel Jude Jules Julien Junior Kerby Kervens Kettly Kenson Kensley Kenol Kesner Kevin Lionel Luc Lucien
        Luckner Luckson Makenson Marc Marcel Marcelin Marco Mario Martin Mathieu Matthieu Maurice Max Maxime Maxo
        Mackenson Mickelson Mikelson Moïse Nathan Nicolas Noël Olivier Oscar Osner Patrick Pascal Philippe Ralph
        Raymond Raoul Rémy René Renel Richard Robert Roberto Robenson Rodrigue Roger Roland Ronald Roosevelt Samuel
        Sébastien Serge Simon Stanley Stephen Stevenson Sylvain Théodore Thierry Thomas Valentin Victor Vincent
        Vladimir Walter Wadson Wesley Widson Wilfrid Wilfried Wilson Wilner Wilguens Wisly Wisner Woodson Woody
        Yves Yvon Yvens Dieudonné Dieuseul Alcide Alex Alexandre Alexis Alfred Alix Alphonse Anderson Anthony
        Arnold Auguste Benjamin Bernard Bertrand Bruno Claude Daniel David Davidson Denis Didier Dominique Donald
        Eddy Edner Édouard Edson Elie Emmanuel Enock Éric Ernest Ernst Estève Étienne Eugène Evens Fabrice
        Marie Mari Jeanne Jàn Jacqueline Josette Josephine Judith Julie Kettia Carline Carole Caroline Cassandra
        Catherine Chantal Chrislene Christelle Christine Claudette Claudine Daphney Darline Dieula Edeline Élise
        Elisabeth Elizabeth Émilie Esther Eveline Fabiola Fabienne Fedline Florencia Fredeline Gina Ginette Ginoue
        Guerda Guerline Guerlande Immacula Islande Isabelle Jocelyne Josiane Ketia Lourdes Louise Lucie Lucienne
        Magalie Magdala Manoucheka Marguerite Marjorie Marlène Martha Martine Mathilde Micheline Michelle Mireille
        Mirlande Myriam Myrlande Nadège Nadine Natacha Natasha Nathalie Nicole Odette Patricia Paula Paulette
        Roseline Roselaure Roselène Rosemène Rosemarie Rosemond Sabine Sandra Sophia Sophie Stéphanie Suzanne Suzette
        Sylvie Tamara Thérèse Vanessa Véronique Viergela Wideline Widline Wislande Yanick Yolande Yolette Yvette
        Yvonne Woselò Anne Angela Angeline Anaïse Annette Antoinette Bernadette Béatrice
        Juan Carlos José Luis Miguel Ángel Pedro Pablo Ramón Rafael Manuel Francisco Antonio Jorge Fernando Ricardo
        Eduardo Alejandro Andrés Enrique Héctor Julio César Sergio Raúl Rubén Mauricio Diego Felipe Gustavo Guillermo
        Ernesto Esteban Félix Alberto Alfredo Arturo Armando Emilio Joaquín Leonardo Marcos Mateo Nelson
        Óscar Radhamés Rigoberto Rodolfo Starlin Tomás Vicente Wilkin Yeison Yunior
        María Ana Altagracia Carmen Juana Josefa Luisa Rosa Rosario Yolanda Yuliana Yahaira Yesenia Xiomara Teresa
        Isabel Elena Margarita Milagros Miguelina Ramona Rafaela Daniela Gabriela Francisca Manuela Mónica Claudia
        Cristina Beatriz Adriana
        Adrián Christian Sebastián Julián Fabien Adrien Bastien Damien Cyprien
        Alejandra Andrea Paola Verónica Lucía Marta Martina Sofía Valentina Dolores
        Peter Philip William Robert Edward Charlie Christopher Matthew Andrew Joshua Brian Kenneth Steven Timothy
        Jason Ryan Jacob Nicholas Justin Brandon Mary Jennifer Linda Barbara Susan Jessica Sarah Karen Nancy Lisa
        Betty Margaret Ashley Kimberly Emily Donna Amanda Melissa Deborah Rebecca Laura Sharon Cynthia Kathleen Amy
        """
    ).split()
)
